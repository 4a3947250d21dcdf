import assert from 'node:assert/strict';
import { idAbove, idBelow } from '../../../src/providers/redis/types/streamIds';
import { seededRandom } from '../../helpers/random';

describe('the ids next to one of a stream', () => {
  const most = '18446744073709551615';

  it('are beside it, over the end of a millisecond too, and end with the range', () => {
    assert.deepEqual([idAbove('5-3'), idBelow('5-3')], ['5-4', '5-2']);
    assert.deepEqual([idAbove(`5-${most}`), idBelow('5-0')], ['6-0', `4-${most}`]);
    assert.deepEqual([idAbove(`${most}-${most}`), idBelow('0-0')], [undefined, undefined]);
  });

  it('lead back to it', () => {
    const random = seededRandom(14);
    for (let i = 0; i < 500; i++) {
      const parts = Array.from({ length: 2 }, () => (random.chance(0.2) ? most : String(random.below(5))));
      const id = parts.join('-');
      const [above, below] = [idAbove(id), idBelow(id)];
      if (above !== undefined) assert.equal(idBelow(above), id);
      if (below !== undefined) assert.equal(idAbove(below), id);
    }
  });
});
