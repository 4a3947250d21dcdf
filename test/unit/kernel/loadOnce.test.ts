import assert from 'node:assert/strict';
import { loadOnce } from '../../../src/engine/kernel/loadOnce';

describe('Loading once', () => {
  it('loads when first asked, and once for all who ask', async () => {
    let loads = 0;
    const value = loadOnce(async () => ++loads);
    assert.equal(loads, 0);
    assert.deepEqual(await Promise.all([value(), value()]), [1, 1]);
    assert.equal(await value(), 1);
  });

  it('tries again after a load that failed', async () => {
    let loads = 0;
    const value = loadOnce(async () => {
      if (++loads === 1) throw new Error('not yet');
      return loads;
    });
    await assert.rejects(value(), /not yet/);
    assert.equal(await value(), 2);
  });
});
