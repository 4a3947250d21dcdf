import assert from 'node:assert/strict';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { ApplyOutcome, Change } from '../../../src/engine/connections/change';
import { EngineError } from '../../../src/engine/kernel/errors';
import { changeKey } from '../../../src/engine/keys/changeKey';
import { rejectsWith } from '../../helpers/rejects';
import { aRequest, gateOver, lost } from './writeFixture';

const change: Change = {
  kind: 'string.set',
  key: Buffer.from('k'),
  before: Buffer.from('a'),
  after: Buffer.from('b'),
  ttl: { mode: 'keep' },
};
const unknown: ApplyOutcome = { status: 'unknown', cause: lost };

/** A gate whose write ends like this, and whose server then answers so when it is asked what happened. */
const gateWith = (outcome: ApplyOutcome, wasApplied?: CacheProvider['wasApplied']) =>
  gateOver({ apply: () => Promise.resolve(outcome), ...(wasApplied && { wasApplied }) });

describe('a change of a key', () => {
  it('is applied, and recorded as a success', async () => {
    const { gate, statuses } = await gateWith({ status: 'applied' });
    assert.deepEqual(await changeKey(gate, aRequest(), change), { status: 'applied' });
    assert.deepEqual(await statuses(), ['success']);
  });

  it('is a conflict when the value moved, recorded as an error without the value', async () => {
    const conflict = { reason: 'changed', current: Buffer.from('canary') } as const;
    const { gate, statuses, history } = await gateWith({ status: 'conflict', conflict });
    assert.deepEqual(await changeKey(gate, aRequest(), change), { status: 'conflict', conflict });
    assert.deepEqual(await statuses(), ['error']);
    assert.deepEqual(history.events[0]?.details, { conflict: 'changed' });
  });

  it('G23: is applied after all when the reply was lost and the server has the new value', async () => {
    const asked: Change[] = [];
    const { gate, statuses } = await gateWith(unknown, (about) => {
      asked.push(about);
      return Promise.resolve(true);
    });
    assert.deepEqual(await changeKey(gate, aRequest(), change), { status: 'applied' });
    assert.deepEqual([asked, await statuses()], [[change], ['success']]);
  });

  it('G23: is rejected when the reply was lost and the server has the old value', async () => {
    const { gate, statuses } = await gateWith(unknown, () => Promise.resolve(false));
    await rejectsWith(changeKey(gate, aRequest(), change), 'TIMEOUT', 'timeout');
    assert.deepEqual(await statuses(), ['error']);
  });

  const silent: [string, CacheProvider['wasApplied']][] = [
    ['tells neither', () => Promise.resolve(undefined)],
    ['cannot be reached', () => Promise.reject(lost)],
    [
      'has no permission for it',
      () => Promise.reject(new EngineError('UNAUTHORIZED', 'no-permission', 'GET')),
    ],
    ['meets a defect of ours', () => Promise.reject(new TypeError('defect'))],
  ];
  for (const [what, wasApplied] of silent) {
    it(`G23: stays unknown when the reply was lost and asking ${what}`, async () => {
      const { gate, statuses } = await gateWith(unknown, wasApplied);
      assert.deepEqual(await changeKey(gate, aRequest(), change), unknown);
      assert.deepEqual(await statuses(), ['unknown']);
    });
  }

  it('is never asked about again when nothing was written', async () => {
    const { gate } = await gateOver({ apply: () => Promise.reject(lost) });
    await rejectsWith(changeKey(gate, aRequest(), change), 'TIMEOUT', 'timeout');
  });
});
