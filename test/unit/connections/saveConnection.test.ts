import assert from 'node:assert/strict';
import { deleteConnection } from '../../../src/engine/connections/deleteConnection';
import { secretRef, type ConnectionProfile } from '../../../src/engine/connections/profile';
import { saveConnection } from '../../../src/engine/connections/saveConnection';
import type { ConnectionSecrets } from '../../../src/engine/connections/stores';
import { EngineError } from '../../../src/engine/kernel/errors';
import { aProfile, keptFor, memoryIntents, memoryProfiles, memoryVault } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';

const stored = aProfile(1, { auth: { method: 'password', secret: 'stored' } });
const asking = aProfile(1, { auth: { method: 'password', secret: 'ask' } });
const open = aProfile(1);
const old = { password: 'old' };
const keptOld = keptFor(stored, old);
const ref = secretRef(stored.id);
const storeFull = new EngineError('INTERNAL_ERROR', 'store-full', 'full');

function ports(profile?: ConnectionProfile, secrets?: ConnectionSecrets) {
  const profiles = profile ? memoryProfiles(profile) : memoryProfiles();
  const vault = memoryVault();
  if (secrets) vault.kept.set(ref, keptFor(stored, secrets));
  const state = async () => ({ profiles: await profiles.list(), secrets: vault.kept.get(ref) });
  return { profiles, vault, intents: memoryIntents(), state };
}

describe('saving a connection', () => {
  it('keeps profile and secret, each in its place', async () => {
    const all = ports();
    await saveConnection(all, stored, old);
    assert.deepEqual(await all.state(), { profiles: [stored], secrets: keptOld });
    assert.doesNotMatch(JSON.stringify(await all.profiles.list()), /"old"/);
  });

  it('leaves the saved password as it is when none was typed', async () => {
    const all = ports(stored, old);
    all.vault.broken = new Set(['get', 'set', 'remove']);
    await saveConnection(all, { ...stored, name: 'renamed' }, undefined);
    assert.deepEqual(await all.state(), { profiles: [{ ...stored, name: 'renamed' }], secrets: keptOld });
  });

  it('removes the saved password when it is no longer needed, asked for, or emptied', async () => {
    for (const [profile, secrets] of [
      [open, old],
      [asking, old],
      [stored, {}],
      [open, undefined],
    ] as const) {
      const all = ports(stored, old);
      await saveConnection(all, profile, secrets);
      assert.deepEqual(await all.state(), { profiles: [profile], secrets: undefined });
    }
  });

  for (const step of ['get', 'set'] as const) {
    it(`G40: changes nothing, and says so, when the keyring fails at ${step}`, async () => {
      const all = ports(stored, old);
      const before = await all.state();
      all.vault.broken.add(step);
      const edited = { ...stored, name: 'edited' };
      await rejectsWith(
        saveConnection(all, edited, { password: 'new' }),
        'INTERNAL_ERROR',
        'secrets-unavailable',
      );
      assert.deepEqual(await all.state(), before);
    });
  }

  it('G40: changes nothing, and says so, when a saved password cannot be removed', async () => {
    const all = ports(stored, old);
    all.vault.broken.add('remove');
    const before = await all.state();
    await rejectsWith(saveConnection(all, asking, undefined), 'INTERNAL_ERROR', 'secrets-unavailable');
    assert.deepEqual(await all.state(), before);
  });

  it('G40: puts the old password back, or removes the new one, when the store fails', async () => {
    for (const all of [ports(stored, old), ports()]) {
      const before = await all.state();
      all.profiles.failWith = storeFull;
      const failed = saveConnection(all, { ...stored, name: 'edited' }, { password: 'new' });
      await rejectsWith(failed, 'INTERNAL_ERROR', 'store-full');
      assert.deepEqual(await all.state(), before);
    }
  });

  it('G40: says what is left half done when even the way back fails', async () => {
    const all = ports(stored, old);
    all.profiles.failWith = storeFull;
    let sets = 0;
    const vault = {
      ...all.vault,
      set: () => (++sets > 1 ? Promise.reject(new Error('locked')) : Promise.resolve()),
    };
    const failed = saveConnection({ ...all, vault }, stored, { password: 'new' });
    const error = await rejectsWith(failed, 'INTERNAL_ERROR', 'secrets-unavailable');
    assert.match(error.message, /not saved.*password may have been replaced/);
  });

  it('does without a keyring for a connection that needs none', async () => {
    const all = ports();
    all.vault.broken = new Set(['get', 'set', 'remove']);
    for (const profile of [open, asking]) await saveConnection(all, profile, { password: 'typed' });
    assert.deepEqual(await all.state(), { profiles: [asking], secrets: undefined });
  });

  it('touches neither keyring nor store for a profile that is wrong', async () => {
    const all = ports();
    await rejectsWith(saveConnection(all, { ...stored, name: '' }, old), 'VALIDATION_ERROR', 'invalid');
    assert.deepEqual(await all.state(), { profiles: [], secrets: undefined });
  });
});

describe('deleting a connection', () => {
  it('deletes the secret with the profile', async () => {
    const all = ports(stored, old);
    await deleteConnection(all, stored);
    assert.deepEqual(await all.state(), { profiles: [], secrets: undefined });
  });

  for (const step of ['get', 'remove'] as const) {
    it(`G40: deletes nothing, and says so, when the keyring fails at ${step}`, async () => {
      const all = ports(stored, old);
      all.vault.broken.add(step);
      await rejectsWith(deleteConnection(all, stored), 'INTERNAL_ERROR', 'secrets-unavailable');
      all.vault.broken.clear();
      assert.deepEqual(await all.state(), { profiles: [stored], secrets: keptOld });
    });
  }

  it('G40: puts the secret back when the store fails', async () => {
    const all = ports(stored, old);
    all.profiles.failWith = storeFull;
    await rejectsWith(deleteConnection(all, stored), 'INTERNAL_ERROR', 'store-full');
    assert.deepEqual(await all.state(), { profiles: [stored], secrets: keptOld });
  });

  it('G40: says that the password is gone when even putting it back fails', async () => {
    const all = ports(stored, old);
    all.profiles.failWith = storeFull;
    all.vault.broken.add('set');
    const error = await rejectsWith(deleteConnection(all, stored), 'INTERNAL_ERROR', 'secrets-unavailable');
    assert.match(error.message, /was not deleted, but its saved password is gone/);
  });

  it('leaves the secret of a keyring that is gone for good, when the person agreed', async () => {
    const all = ports(stored, old);
    all.vault.broken = new Set(['get', 'set', 'remove']);
    await deleteConnection(all, stored, true);
    assert.deepEqual((await all.state()).profiles, []);
  });

  it('does without a keyring for a connection that keeps nothing in it', async () => {
    const all = ports(open);
    all.vault.broken = new Set(['get', 'set', 'remove']);
    await deleteConnection(all, open);
    assert.deepEqual((await all.state()).profiles, []);
  });
});
