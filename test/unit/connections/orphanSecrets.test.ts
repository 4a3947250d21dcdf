import assert from 'node:assert/strict';
import { removeOrphanSecrets } from '../../../src/engine/connections/orphanSecrets';
import { secretRef } from '../../../src/engine/connections/profile';
import { secretLister } from '../../../src/extension/host';
import { aProfile, memoryProfiles, memoryVault } from '../../helpers/ports';

const orphan = secretRef('deleted');
const owned = secretRef('saved');
const payloadKey = `cachify.payloadKey.${'0'.repeat(32)}`;

describe('H8: Secrets without a connection', () => {
  function setUp(): {
    profiles: ReturnType<typeof memoryProfiles>;
    vault: ReturnType<typeof memoryVault>;
    listSecrets: () => Promise<string[]>;
    isStoreWhole: () => Promise<boolean>;
  } {
    const profiles = memoryProfiles(aProfile(1, { id: 'saved' }));
    const vault = memoryVault();
    for (const name of [orphan, owned, payloadKey, 'another']) vault.kept.set(name, { password: 'x' });
    const listSecrets = (): Promise<string[]> => Promise.resolve([...vault.kept.keys()]);
    return { profiles, vault, listSecrets, isStoreWhole: () => Promise.resolve(true) };
  }

  const never = new AbortController().signal;

  it('are removed, and no other secret is', async () => {
    const ports = { ...setUp(), wait: () => Promise.resolve() };
    assert.equal(await removeOrphanSecrets(ports, never), 1);
    assert.deepEqual([...ports.vault.kept.keys()], [owned, payloadKey, 'another']);
    assert.equal(await removeOrphanSecrets(ports, never), 0);
  });

  it('stay when another window saves their connection a moment later', async () => {
    const ports = setUp();
    const wait = (): Promise<void> => ports.profiles.save(aProfile(1, { id: 'deleted' }));
    assert.equal(await removeOrphanSecrets({ ...ports, wait }, never), 0);
    assert.ok(ports.vault.kept.has(orphan));
  });

  it('stay when their profile is there but cannot be read', async () => {
    const ports = setUp();
    const profiles = { ids: () => Promise.resolve(['saved', 'deleted']) };
    assert.equal(await removeOrphanSecrets({ ...ports, profiles }, never), 0);
    assert.equal(ports.vault.kept.size, 4);
  });

  it('stay when the window is closed meanwhile, and where the editor cannot list secrets', async () => {
    const ports = setUp();
    const closing = new AbortController();
    const looking = removeOrphanSecrets(ports, closing.signal);
    closing.abort();
    assert.equal(await looking, 0);
    assert.equal(await removeOrphanSecrets({ ...ports, listSecrets: undefined }, never), 0);
    assert.equal(ports.vault.kept.size, 4);
  });

  it('are listed where the editor can', async () => {
    assert.equal(secretLister({}), undefined);
    const storage = { names: [orphan], keys: () => Promise.resolve(storage.names) };
    assert.deepEqual(await secretLister(storage)?.(), [orphan]);
  });

  it('stay when the profiles cannot be read', async () => {
    const ports = setUp();
    const profiles = { ids: () => Promise.reject(new Error('no store')) };
    await assert.rejects(removeOrphanSecrets({ ...ports, profiles }, never), /no store/);
    assert.equal(ports.vault.kept.size, 4);
  });

  it('stay when parts of the store could not be read', async () => {
    const ports = { ...setUp(), isStoreWhole: () => Promise.resolve(false) };
    assert.equal(await removeOrphanSecrets(ports, never), 0);
    assert.equal(ports.vault.kept.size, 4);
  });
});
