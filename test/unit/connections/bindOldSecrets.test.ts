import assert from 'node:assert/strict';
import { boundVault } from '../../../src/engine/connections/bindOldSecrets';
import { secretRef, type ConnectionProfile } from '../../../src/engine/connections/profile';
import { EngineError } from '../../../src/engine/kernel/errors';
import { aProfile, keptFor, memoryLog, memoryProfiles, memoryVault } from '../../helpers/ports';

const auth = { method: 'password', secret: 'stored' } as const;
const one = aProfile(1, { id: 'one', auth });
const two = aProfile(2, { id: 'two', auth });
const open = aProfile(3, { id: 'open' });
const old = { password: 'of an earlier version' };

/** A keyring that windows share, and a window over it. */
function keyring() {
  const vault = memoryVault();
  const state = { isMarked: false, looks: 0 };
  const mark = {
    isSet: () => Promise.resolve((state.looks++, state.isMarked)),
    set: () => Promise.resolve(void (state.isMarked = true)),
  };
  const log = memoryLog();
  const window = (...profiles: ConnectionProfile[]) =>
    boundVault({ vault, profiles: memoryProfiles(...profiles), mark, log });
  return { vault, state, log, window };
}

describe('secrets that earlier versions stored', () => {
  it('are bound to their profiles before the first is read', async () => {
    const { vault, state, window } = keyring();
    for (const { id } of [one, two]) vault.kept.set(secretRef(id), old);
    assert.deepEqual(await window(one, two, open).get(secretRef(one.id)), keptFor(one, old));
    assert.deepEqual(vault.kept.get(secretRef(two.id)), keptFor(two, old));
    assert.equal(state.isMarked, true);
  });

  it('are bound once: what is found without binding later stays so', async () => {
    const { vault, window } = keyring();
    await window(one).bindOld();
    vault.kept.set(secretRef(one.id), old);
    const forged: ConnectionProfile = { ...one, endpoints: [{ kind: 'tcp', host: 'forged', port: 1 }] };
    assert.deepEqual(await window(forged).get(secretRef(one.id)), old);
  });

  it('keep the binding they have', async () => {
    const { vault, window } = keyring();
    vault.kept.set(secretRef(one.id), keptFor(two, old));
    await window(one).bindOld();
    assert.deepEqual(vault.kept.get(secretRef(one.id)), keptFor(two, old));
  });

  it('are tried again after a keyring that failed, which costs no reader its answer', async () => {
    const { vault, state, log, window } = keyring();
    vault.kept.set(secretRef(one.id), old);
    vault.broken.add('set');
    const bound = window(one);
    assert.deepEqual(await bound.get(secretRef(one.id)), old);
    assert.deepEqual([state.isMarked, log.lines.length], [false, 1]);
    vault.broken.clear();
    assert.deepEqual(await bound.get(secretRef(one.id)), keptFor(one, old));
  });

  it('do not wait for one that cannot be read', async () => {
    const { vault, state, window } = keyring();
    vault.kept.set(secretRef(two.id), old);
    const get = vault.get.bind(vault);
    vault.get = (ref) =>
      ref === secretRef(one.id)
        ? Promise.reject(new EngineError('VALIDATION_ERROR', 'invalid', 'no JSON'))
        : get(ref);
    await window(one, two).bindOld();
    assert.deepEqual([vault.kept.get(secretRef(two.id)), state.isMarked], [keptFor(two, old), true]);
  });

  it('are not looked for in the keyring of a person who keeps none', async () => {
    const { state, window } = keyring();
    await window(open).bindOld();
    assert.equal(state.looks, 0);
  });
});
