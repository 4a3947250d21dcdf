import assert from 'node:assert/strict';
import { secretRef, type ConnectionProfile } from '../../../src/engine/connections/profile';
import { SecretResolver, type AskReason } from '../../../src/engine/connections/secretResolver';
import { bindingOf, type BoundSettings } from '../../../src/engine/connections/secretBinding';
import type { ConnectionSecrets } from '../../../src/engine/connections/stores';
import { aProfile, keptFor, memoryLog, memoryVault } from '../../helpers/ports';
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

/** Lets everything that is waited for happen, up to a question. */
const settle = () => new Promise(setImmediate);

const typed = () => Promise.resolve({ password: 'typed' });

describe('the secrets of a connection', () => {
  it('come from the keyring when they were saved', async () => {
    const { vault, secrets, asked } = resolver(typed);
    vault.kept.set(secretRef(stored.id), keptFor(stored, { password: 'saved' }));
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
    await settle();
    secrets.forget(asking.id);
    answer({ password: 'of the old server' });
    await first;
    const second = secrets.resolve(asking);
    await settle();
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
    vault.kept.set(secretRef(keyed.id), keptFor(keyed, { keyPassphrase: 'phrase' }));
    assert.deepEqual(await secrets.resolve(keyed), { keyPassphrase: 'phrase' });
    assert.deepEqual(asked, []);
  });

  it('remembered for one connection are not given to another', async () => {
    const { secrets, asked } = resolver(typed);
    secrets.remember({ ...asking, id: 'other' }, { password: 'of the other' });
    assert.deepEqual(await secrets.resolve(asking), { password: 'typed' });
    assert.equal(asked.length, 1);
  });
});

const tls = { enabled: true, verify: true, caFile: '/ca.pem', servername: 'a.example' };
const secured = aProfile(1, { auth: { ...stored.auth, username: 'app' }, tls });
const address = (from: string, to: string) => ({ what: 'address', added: [to], gone: [from] });
const signIn = (engine: string) => ({ engine, method: 'password' });

/** Every way in which a server, or how it is reached, can be another. */
const otherWays: readonly (readonly [changes: Partial<BoundSettings>, told: object])[] = [
  [{ endpoints: [{ kind: 'tcp', host: '127.0.0.2', port: 1 }] }, address('127.0.0.1:1', '127.0.0.2:1')],
  [{ endpoints: [{ kind: 'tcp', host: '127.0.0.1', port: 2 }] }, address('127.0.0.1:1', '127.0.0.1:2')],
  [{ endpoints: [{ kind: 'unix', path: '/s' }] }, address('127.0.0.1:1', 'unix:/s')],
  [{ engine: 'memcached' }, { what: 'method', from: signIn('redis'), to: signIn('memcached') }],
  [{ auth: { ...secured.auth, username: 'b' } }, { what: 'username', from: 'app', to: 'b' }],
  [{ tls: { ...tls, verify: false } }, { what: 'verify', from: 'on', to: 'off' }],
  [{ tls: { ...tls, caFile: '/b' } }, { what: 'caFile', from: '/ca.pem', to: '/b' }],
  [{ tls: { ...tls, servername: 'b' } }, { what: 'servername', from: 'a.example', to: 'b' }],
  [
    { tls: { enabled: true, verify: true, servername: 'a.example' } },
    { what: 'caFile', from: '/ca.pem', to: '' },
  ],
];

describe('a stored secret goes only where it was entered for', () => {
  for (const [changes, told] of otherWays) {
    it(`and is asked for again, saying what changed: ${JSON.stringify(changes)}`, async () => {
      const { vault, secrets, asked } = resolver(typed);
      const kept = keptFor(secured, { password: 'saved' });
      vault.kept.set(secretRef(secured.id), kept);
      assert.deepEqual(await secrets.resolve({ ...secured, ...changes }), { password: 'typed' });
      assert.deepEqual(asked, [[told]]);
      assert.deepEqual(vault.kept.get(secretRef(secured.id)), kept, 'it stays for the server it is of');
    });
  }

  it('so that TLS switched off does not send it in plaintext', async () => {
    const { vault, secrets, asked } = resolver(typed);
    vault.kept.set(secretRef(secured.id), keptFor(secured, { password: 'saved' }));
    const plain = { ...secured, tls: { ...tls, enabled: false } };
    assert.deepEqual(await secrets.resolve(plain), { password: 'typed' });
    assert.deepEqual(Array.isArray(asked[0]) && asked[0][0], { what: 'tls', from: 'on', to: 'off' });
  });

  it('nor is it sent when it does not say what it was entered for', async () => {
    const { vault, secrets, asked } = resolver(typed);
    vault.kept.set(secretRef(stored.id), { password: 'saved' });
    assert.deepEqual(await secrets.resolve(stored), { password: 'typed' });
    assert.deepEqual(asked, [[{ what: 'unbound' }]]);
  });

  it('and still is used when what changed does not concern the way there', async () => {
    const { vault, secrets } = resolver(typed);
    vault.kept.set(secretRef(secured.id), keptFor(secured, { password: 'saved' }));
    const renamed = { ...secured, name: 'other', dbIndex: 3, readOnly: true, timeoutMs: 9 };
    assert.deepEqual(await secrets.resolve(renamed), { password: 'saved' });
  });

  it('whatever the case of its host names, also in what earlier versions stored', async () => {
    const named = (host: string, servername: string): ConnectionProfile => ({
      ...secured,
      endpoints: [{ kind: 'tcp', host, port: 1 }],
      tls: { ...tls, servername },
    });
    const upper = named('Cache.Example', 'A.Example');
    const { vault, secrets, asked } = resolver(typed);
    const kept = keptFor(upper, { password: 'saved' });
    for (const addresses of [kept.boundTo?.addresses ?? [], ['Cache.Example:1']]) {
      vault.kept.set(secretRef(secured.id), { ...kept, boundTo: { ...bindingOf(upper), addresses } });
      for (const profile of [upper, named('cache.example', 'a.example')])
        assert.deepEqual(await secrets.resolve(profile), { password: 'saved' });
    }
    assert.deepEqual(asked, []);
    const socket = (path: string) => ({ ...secured, endpoints: [{ kind: 'unix', path } as const] });
    vault.kept.set(secretRef(secured.id), keptFor(socket('/Run'), { password: 'saved' }));
    assert.deepEqual(await secrets.resolve(socket('/run')), { password: 'typed' }, 'a path is another');
  });

  it('as does one that was typed for this session, and the answer to a question that is open', async () => {
    let answer: (secrets: ConnectionSecrets) => void = () => undefined;
    const { secrets, asked } = resolver(() => new Promise((resolve) => (answer = resolve)));
    const forged: ConnectionProfile = { ...asking, endpoints: [{ kind: 'tcp', host: 'forged', port: 1 }] };
    const first = secrets.resolve(asking);
    await settle();
    const answerFirst = answer;
    const second = secrets.resolve(forged);
    await settle();
    answer({ password: 'for the forged one' });
    answerFirst({ password: 'for the right one' });
    assert.deepEqual(
      [await first, await second],
      [{ password: 'for the right one' }, { password: 'for the forged one' }],
    );
    const third = secrets.resolve(asking);
    await settle();
    answer({ password: 'again' });
    assert.deepEqual([await third, asked.length], [{ password: 'again' }, 3]);
    const fourth = secrets.resolve(forged);
    await settle();
    answer({ password: 'once more' });
    assert.deepEqual([await fourth, asked.length], [{ password: 'once more' }, 4]);
  });

  it('while a passphrase, which is sent to nobody, is bound to the key it opens', async () => {
    const keyed = aProfile(1, { tls: { enabled: true, verify: true, certificateFile: 'c', keyFile: 'k' } });
    const { vault, secrets, asked } = resolver(() => Promise.resolve({ keyPassphrase: 'typed' }));
    vault.kept.set(secretRef(keyed.id), keptFor(keyed, { keyPassphrase: 'phrase' }));
    const moved: ConnectionProfile = { ...keyed, endpoints: [{ kind: 'tcp', host: 'moved', port: 1 }] };
    assert.deepEqual(await secrets.resolve(moved), { keyPassphrase: 'phrase' });
    const other = { ...keyed, tls: { ...keyed.tls, keyFile: 'other' } };
    assert.deepEqual(await secrets.resolve(other), { keyPassphrase: 'typed' });
    assert.deepEqual(asked, [[{ what: 'keyFile', from: 'k', to: 'other' }]]);
  });

  it('and a passphrase is not asked for where no key is opened, without TLS or without a key', async () => {
    const keyed = aProfile(1, { tls: { enabled: true, verify: true, certificateFile: 'c', keyFile: 'k' } });
    const { vault, secrets, asked } = resolver(typed);
    const kept = keptFor(keyed, { keyPassphrase: 'phrase' });
    for (const unused of [
      { ...keyed.tls, enabled: false, keyFile: 'other' },
      { enabled: true, verify: true },
      { enabled: false, verify: true },
    ]) {
      vault.kept.set(secretRef(keyed.id), kept);
      assert.deepEqual(await secrets.resolve({ ...keyed, tls: unused }), {});
    }
    // a password is what has the keyring read for a profile without a key
    const both = keptFor(secured, { password: 'saved', keyPassphrase: 'phrase' });
    vault.kept.set(secretRef(secured.id), { ...both, boundTo: { ...bindingOf(secured), keyFile: 'k' } });
    assert.deepEqual(await secrets.resolve(secured), { password: 'saved' });
    assert.deepEqual(asked, []);
  });
});
