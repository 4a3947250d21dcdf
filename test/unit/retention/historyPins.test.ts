import assert from 'node:assert/strict';
import { HistoryPins } from '../../../src/extension/commands/historyPins';
import { FakeHolds, noon } from '../../helpers/retentionFakes';

function pinsOf() {
  const holds = new FakeHolds();
  const recorded: string[] = [];
  let changes = 0;
  let ids = 0;
  const pins = new HistoryPins({
    holds,
    recorder: {
      during: async (operation, work) => {
        recorded.push(operation.action);
        return work();
      },
    },
    clock: { now: () => noon },
    random: { id: () => `pin-${++ids}` },
    onChange: () => changes++,
  });
  return { pins, holds, recorded, changes: () => changes };
}

describe('A pin of a history event', () => {
  it('G54: is made, found and removed, and told each time', async () => {
    const { pins, holds, recorded, changes } = pinsOf();
    assert.equal(await pins.toggle({ seq: 7 }), true);
    assert.deepEqual(holds.kept, [
      { id: 'pin-1', dataset: 'timelineEvents', holder: 'person', seq: 7, at: noon },
    ]);
    assert.ok(pins.has({ seq: 7 }) && !pins.has({ seq: 8 }));
    assert.equal(await pins.toggle({ seq: 7 }), false);
    assert.deepEqual(holds.kept, []);
    assert.deepEqual(recorded, ['retention.pin', 'retention.unpin']);
    assert.equal(changes(), 2);
  });

  it('goes whole when two windows pinned the same event', async () => {
    const { pins, holds } = pinsOf();
    const pin = { dataset: 'timelineEvents', holder: 'person', seq: 7, at: noon } as const;
    holds.kept.push({ id: 'a', ...pin }, { id: 'b', ...pin });
    assert.equal(await pins.toggle({ seq: 7 }), false);
    assert.deepEqual(holds.kept, []);
  });

  it('is not what a run, another dataset or a span of time holds', async () => {
    const { pins, holds } = pinsOf();
    holds.kept.push(
      { id: 'a', dataset: 'timelineEvents', holder: 'run:1', seq: 7, at: noon },
      { id: 'b', dataset: 'alerts', holder: 'person', seq: 7, at: noon },
      { id: 'c', dataset: 'timelineEvents', holder: 'person', from: 0, to: noon, at: noon },
    );
    await pins.load();
    assert.ok(!pins.has({ seq: 7 }));
    await pins.toggle({ seq: 7 });
    assert.equal(holds.kept.length, 4);
  });
});
