import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { once } from 'node:events';
import { sendError } from '../../../src/engine/kernel/sentError';
import { challengeTo, parseHello } from '../../../src/providers/store/handshake';
import { sendLine } from '../../../src/providers/store/handshakeLines';
import { openLink } from '../../../src/providers/store/openLink';
import { ownerFileName, parseOwner, publishOwner } from '../../../src/providers/store/ownerFile';
import type { Store } from '../../../src/providers/store/openStore';
import { otherVersion } from '../../../src/providers/store/storeErrors';
import { nodeFiles } from '../../../src/providers/store/storeFiles';
import { eventually } from '../../helpers/eventually';
import { rejectsWith } from '../../helpers/rejects';
import { temporaryFolder } from '../../unit/store/storeFixture';
import { realStore, someEvent, someProfile } from './realStore';
import { strangeOwner } from './strangeOwner';

describe('Windows that share a store', () => {
  let folder: string;
  let remove: () => void;
  const stores: Store[] = [];
  beforeEach(() => ({ folder, remove } = temporaryFolder()));
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    remove();
  });

  function window(): Store {
    const store = realStore(folder);
    stores.push(store);
    return store;
  }

  async function idsIn(store: Store): Promise<string[]> {
    return (await store.history.list({ limit: 1_000_000 })).map(({ id }) => id).reverse();
  }

  it('have one owner, and each reads at once what any of them wrote', async () => {
    const [first, second, third] = [window(), window(), window()];
    await Promise.all([first, second, third].map((store) => store.status()));
    await second.profiles.save(someProfile('a'));
    assert.deepEqual(await first.profiles.list(), [someProfile('a')]);
    assert.deepEqual(await third.profiles.list(), [someProfile('a')]);
    const epochs = await Promise.all(
      [first, second, third].map(async (store) => (await store.status()).epoch),
    );
    assert.deepEqual(epochs, [1, 1, 1]);
    assert.equal((await first.status()).owner.clients, 3);
  });

  it('are told of what another one wrote, and in which tables', async () => {
    const [first, second] = [window(), window()];
    await first.status();
    await second.status();
    const heard: string[] = [];
    first.onChange(({ tables, isOwn, version }) => heard.push(`${tables.join()} ${isOwn} ${version.epoch}`));
    second.onChange(({ isOwn }) => heard.push(`own ${isOwn}`));
    await second.profiles.save(someProfile('a'));
    await eventually('both heard', () => (heard.length === 2 ? true : undefined));
    assert.deepEqual(heard.sort(), ['own true', 'profiles false 1']);
  });

  it('take the store over when its owner closes; what was under way is done once', async () => {
    const [first, second] = [window(), window()];
    await first.history.append([someEvent('before')]);
    await second.status();
    const under = Array.from({ length: 200 }, (_, index) => second.history.append([someEvent(`e${index}`)]));
    await first.close();
    await Promise.all(under);
    const stored = await idsIn(second);
    assert.deepEqual(stored, ['before', ...Array.from({ length: 200 }, (_, index) => `e${index}`)]);
    assert.equal((await second.status()).epoch, 2);
  });

  it('that write at once lose nothing and keep the order of each', async () => {
    const windows = [window(), window(), window(), window(), window()];
    await Promise.all(
      windows.map(async (store, which) => {
        for (let i = 0; i < 100; i++) await store.history.append([someEvent(`${which}-${i}`)]);
      }),
    );
    const stored = await idsIn(windows[0]!);
    assert.equal(stored.length, 500);
    windows.forEach((_, which) => {
      const own = stored.filter((id) => id.startsWith(`${which}-`));
      assert.deepEqual(own, Array.from({ length: 100 }, (__, i) => `${which}-${i}`)); // prettier-ignore
    });
  });

  it('let nobody in who does not have the key, and only this user near it', async function () {
    const store = window();
    await store.status();
    const file = join(folder, ownerFileName);
    if (process.platform !== 'win32') {
      assert.deepEqual([statSync(folder).mode & 0o777, statSync(file).mode & 0o777], [0o700, 0o600]);
    }
    const { address } = JSON.parse(readFileSync(file, 'utf8')) as { address: string };
    for (const line of [
      '{"token":"guess","client":"x","protocol":1,"schema":1}\n',
      'GET / HTTP/1.1\r\n\r\n',
      'x'.repeat(5000),
    ]) {
      const socket = connect(address);
      socket.write(line);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      await once(socket, 'close');
      assert.match(answer.toString(), /^\{"kind":"refused".*UNAUTHORIZED/);
    }
    await store.profiles.save(someProfile('a'));
  });

  it('replace a stale socket, and leave none behind', async () => {
    const store = window();
    await store.status();
    await store.close();
    writeFileSync(join(folder, 's-00000000.sock'), '');
    const next = window();
    await next.status();
    const sockets = readdirSync(folder).filter((name) => name.endsWith('.sock'));
    assert.equal(sockets.length, 1);
    await next.close();
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.sock') || name === 'store.lock'),
      [],
    );
  });

  it('reach an owner whose folder has a path too long for a socket', async () => {
    const deep = join(folder, 'd'.repeat(90), 'e'.repeat(90));
    const [first, second] = [realStore(deep), realStore(deep)];
    stores.push(first, second);
    await first.profiles.save(someProfile('a'));
    assert.equal((await second.profiles.list()).length, 1);
    const { address } = JSON.parse(readFileSync(join(deep, ownerFileName), 'utf8')) as { address: string };
    await Promise.all([first.close(), second.close()]);
    assert.equal(existsSync(dirname(address)), false);
  });

  it('do with an owner file that is garbage or of an owner long gone', async () => {
    for (const text of [
      '',
      '{',
      '{"epoch":7}',
      JSON.stringify({ epoch: 41, address: '/nowhere', key: 'k', pid: 1, host: 'h', since: 1 }),
    ]) {
      // prettier-ignore
      writeFileSync(join(folder, ownerFileName), text);
      const store = window();
      const { epoch } = await store.status();
      assert.equal(epoch, text.includes('41') ? 42 : 1);
      await store.close();
    }
  });

  it('of two builds: the later one becomes the owner, and the earlier one works on through it or waits its turn', async () => {
    const store = window();
    await store.profiles.save(someProfile('a'));
    const facts = parseOwner(readFileSync(join(folder, ownerFileName), 'utf8'))!;
    const never = new AbortController().signal;
    const later = await openLink(facts, { client: 'later', schema: 99 }, never);
    assert.deepEqual(later?.answer, { kind: 'yielding' });
    // The later build did not take the store after all, so the earlier one goes on.
    await store.profiles.save(someProfile('b'));
    assert.deepEqual((await store.profiles.list()).map(({ id }) => id).sort(), ['a', 'b']); // prettier-ignore
    assert.equal((await store.status()).epoch, 2);
  });

  it('of a build that the owner does not understand read what is there and cannot write', async () => {
    const first = window();
    await first.profiles.save(someProfile('a'));
    await first.close();
    const facts = { epoch: 9, address: join(folder, 'alien.sock'), key: 'k', pid: 1, host: 'h', since: 1 };
    const alien = await strangeOwner(facts.address, (line, socket, earlier) => {
      const hello = parseHello(line);
      if (hello) sendLine(socket, challengeTo(hello, facts));
      else sendLine(socket, { kind: 'refused', error: sendError(otherVersion()) });
      if (earlier.length > 0) socket.end();
    });
    publishOwner(nodeFiles, folder, facts);
    const store = window();
    assert.deepEqual((await store.profiles.list()).map(({ id }) => id), ['a']); // prettier-ignore
    await rejectsWith(store.profiles.save(someProfile('b')), 'NOT_SUPPORTED', 'store-other-version');
    assert.equal((await store.status()).state, 'frozen');
    await store.close();
    await alien.close();
  });
});
