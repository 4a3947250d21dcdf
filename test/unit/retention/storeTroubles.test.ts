import assert from 'node:assert/strict';
import type { StorageNotice } from '../../../src/extension/storageNotices';
import { tellStanding, tellStoreFailure, watchedStorage } from '../../../src/extension/storeTroubles';
import { FakeStorage } from '../../helpers/retentionFakes';

function notices() {
  const told: StorageNotice['kind'][] = [];
  return { told, notify: ({ kind }: StorageNotice): void => void told.push(kind) };
}

describe('What goes wrong with the store', () => {
  for (const [reason, kind] of [
    ['store-full', 'storeFull'],
    ['store-newer', 'newer'],
    ['store-other-version', 'otherBuild'],
    ['store-impostor', 'impostor'],
    ['payload-key-missing', 'payloadKeyMissing'],
  ] as const)
    it(`is told as ${kind} when it failed with ${reason}`, () => {
      const { told, notify } = notices();
      assert.equal(tellStoreFailure({ reason }, { notify }), true);
      assert.deepEqual(told, [kind]);
    });

  it('is left to others when it is about one act alone', () => {
    const { told, notify } = notices();
    assert.equal(tellStoreFailure({ reason: 'store-refused' }, { notify }), false);
    assert.deepEqual(told, []);
  });

  it('is told of losses by the window that opened the store, and by it alone', () => {
    const damage = [{ kind: 'cutBytes', count: 3 }] as const;
    const { told, notify } = notices();
    tellStanding({ isOwner: false, damage, frozenReason: undefined }, { notify });
    tellStanding({ isOwner: true, damage: [], frozenReason: undefined }, { notify });
    assert.deepEqual(told, []);
    tellStanding({ isOwner: true, damage, frozenReason: 'store-newer' }, { notify });
    assert.deepEqual(told, ['damaged', 'newer']);
  });

  it('is told by a check that met content without its key, and by no other', async () => {
    const { told, notify } = notices();
    const storage = new FakeStorage();
    await watchedStorage(storage, { notify }).verify();
    assert.deepEqual(told, []);
    const { payloads } = storage.report;
    storage.report = { ...storage.report, payloads: { ...payloads, withoutKey: 2 } };
    assert.equal((await watchedStorage(storage, { notify }).verify()).payloads.withoutKey, 2);
    assert.deepEqual(told, ['payloadKeyMissing']);
  });
});
