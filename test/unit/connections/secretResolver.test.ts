import assert from 'node:assert/strict';
import { secretRef, type ConnectionProfile } from '../../../src/engine/connections/profile';
import { SecretResolver, type AskReason } from '../../../src/engine/connections/secretResolver';
import type { ConnectionSecrets } from '../../../src/engine/connections/stores';
import { aProfile, memoryLog, memoryVault } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';

const stored = aProfile(1, { auth: { method: 'password', secret: 'stored' } });
const asking = aProfile(1, { auth: { method: 'password', secret: 'ask' } });

function resolver(answer: () => Promise<ConnectionSecrets | undefined>) {
  const vault = memoryVault();
  const log = memoryLog();
  const asked: AskReason[] = [];
  const ask = (_: ConnectionProfile, why: AskReason) => {
    asked.push(why);
    return answer();
  };
  return { vault, log, asked, secrets: new SecretResolver({ vault, ask, log }) };
}

const typed = () => Promise.resolve({ password: 'typed' });

describe('the secrets of a connection', () => {
  it('come from the keyring when they were saved', async () => {
    const { vault, secrets, asked } = resolver(typed);
    vault.kept.set(secretRef(stored.id), { password: 'saved' });
    assert.deepEqual(await secrets.resolve(stored), { password: 'saved' });
    assert.deepEqual(asked, []);
  });

  it('are asked for, with the reason, when they are not there, and asked once a session', async () => {
    for (const [profile, why, broken] of [
      [asking, 'each-session', ''],
      [stored, 'not-found', ''],
      [stored, 'vault-failed', 'get'],
    ] as const) {
      const { vault, secrets, asked, log } = resolver(typed);
      vault.broken.add(broken);
      assert.deepEqual(await secrets.resolve(profile), { password: 'typed' });
      assert.deepEqual(await secrets.resolve(profile), { password: 'typed' });
      assert.deepEqual([asked, vault.kept.size], [[why], 0], 'nothing typed is kept on disk');
      assert.doesNotMatch(log.lines.join(), /typed/);
    }
  });

  it('are asked for once, however many sessions open at a time', async () => {
    const { secrets, asked } = resolver(typed);
    const all = await Promise.all([
      secrets.resolve(asking),
      secrets.resolve(asking),
      secrets.resolve(asking),
    ]);
    assert.deepEqual([asked.length, all[2]], [1, { password: 'typed' }]);
  });

  it('are asked for again after they were forgotten, and a late answer to the old question is not kept', async () => {
    let answer: (secrets: ConnectionSecrets) => void = () => undefined;
    const { secrets, asked } = resolver(() => new Promise((resolve) => (answer = resolve)));
    const first = secrets.resolve(asking);
    secrets.forget(asking.id);
    answer({ password: 'of the old server' });
    await first;
    const second = secrets.resolve(asking);
    answer({ password: 'new' });
    assert.deepEqual([await second, asked.length], [{ password: 'new' }, 2]);
  });

  it('are UNAUTHORIZED when the person gives none, and asked for the next time', async () => {
    const { secrets, asked } = resolver(() => Promise.resolve(undefined));
    for (let i = 0; i < 2; i++) await rejectsWith(secrets.resolve(asking), 'UNAUTHORIZED', 'password-needed');
    assert.equal(asked.length, 2);
  });

  it('are neither looked up nor asked for where none are needed', async () => {
    const { vault, secrets, asked } = resolver(typed);
    vault.broken.add('get');
    assert.deepEqual(await secrets.resolve(aProfile(1)), {});
    assert.deepEqual(asked, []);
  });

  it('hold the passphrase of a client key without a password', async () => {
    const keyed = aProfile(1, { tls: { enabled: true, verify: true, certificateFile: 'c', keyFile: 'k' } });
    const { vault, secrets, asked } = resolver(typed);
    vault.kept.set(secretRef(keyed.id), { keyPassphrase: 'phrase' });
    assert.deepEqual(await secrets.resolve(keyed), { keyPassphrase: 'phrase' });
    assert.deepEqual(asked, []);
  });

  it('remembered for one connection are not given to another', async () => {
    const { secrets, asked } = resolver(typed);
    secrets.remember('other', { password: 'of the other' });
    assert.deepEqual(await secrets.resolve(asking), { password: 'typed' });
    assert.equal(asked.length, 1);
  });
});
