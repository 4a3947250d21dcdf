import { noKeys } from '../../helpers/noKeys';
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../src/engine/kernel/clock';
import { RowParser } from '../../../src/providers/store/rowParser';
import { connectionReads } from '../../../src/providers/store/reads/connectionReads';
import { openStore, type Store } from '../../../src/providers/store/openStore';
import { StoredHistory } from '../../../src/providers/store/historyStore';
import { latestVersion } from '../../../src/providers/store/migrate';
import { migrations } from '../../../src/providers/store/migrations';
import { StoredProfiles } from '../../../src/providers/store/profileStore';
import { rejectsWith } from '../../helpers/rejects';
import { keptLog, temporaryFolder } from '../../unit/store/storeFixture';
import { realClient, realStore, someEvent, someProfile, wasmPath, workerPath } from './realStore';

describe('The store', () => {
  let folder: string;
  let remove: () => void;
  let store: Store;

  beforeEach(() => {
    ({ folder, remove } = temporaryFolder());
    store = realStore(join(folder, 'deep', 'store'));
  });
  afterEach(async () => {
    await store.close();
    remove();
  });

  async function reopen(): Promise<void> {
    await store.close();
    store = realStore(join(folder, 'deep', 'store'));
  }

  it('touches nothing before it is used', () => {
    assert.deepEqual(readdirSync(folder), []);
  });

  it('keeps profiles in order, as they were saved', async () => {
    const [a, b] = [someProfile('a', { order: 2 }), someProfile('b', { order: 1, tags: ['x', '👩‍👩‍👧'] })];
    await store.profiles.save(a);
    await store.profiles.save(b);
    assert.deepEqual(await store.profiles.list(), [b, a]);
    await store.profiles.save({ ...a, name: 'renamed' });
    await store.profiles.reorder(new Map([['a', 0.5], ['b', 7]])); // prettier-ignore
    await reopen();
    assert.deepEqual(await store.profiles.list(), [
      { ...a, name: 'renamed', order: 0.5 },
      { ...b, order: 7 },
    ]);
  });

  it('removes a profile with its namespaces and saved searches, and leaves its history', async () => {
    for (const id of ['gone', 'stays']) {
      await store.profiles.save(someProfile(id));
      await store.namespaces.save({ id: `n-${id}`, connectionId: id, name: 'n', db: 1, prefix: 'dXNlcjo=' });
      await store.searches.save({
        id: `s-${id}`,
        connectionId: id,
        name: 's',
        pattern: 'user:*',
        createdAt: 3,
      });
      await store.history.append([someEvent(`e-${id}`, { connectionId: id })]);
    }
    // Saving again must not count as removing.
    await store.profiles.save(someProfile('stays', { name: 'again' }));
    await store.profiles.remove('gone');
    await reopen();
    assert.deepEqual(
      (await store.profiles.list()).map(({ id }) => id),
      ['stays'],
    );
    assert.deepEqual([await store.namespaces.list('gone'), await store.searches.list('gone')], [[], []]);
    assert.equal((await store.namespaces.list('stays')).length, 1);
    assert.equal((await store.searches.list('stays')).length, 1);
    assert.deepEqual(
      (await store.history.list({ limit: 9, connectionId: 'gone' })).map(({ id }) => id),
      ['e-gone'],
    );
  });

  it('keeps, changes and removes namespaces and saved searches', async () => {
    await store.profiles.save(someProfile('c'));
    const namespace = { id: 'n', connectionId: 'c', name: 'orders', db: 3, prefix: '' };
    const search = { id: 's', connectionId: 'c', name: 'all', pattern: '*', type: 'hash', createdAt: 5 };
    await store.namespaces.save(namespace);
    await store.namespaces.save({ ...namespace, name: 'renamed' });
    await store.searches.save(search);
    await store.searches.save({ ...search, pattern: 'a*' });
    assert.deepEqual(await store.namespaces.list('c'), [{ ...namespace, name: 'renamed' }]);
    assert.deepEqual(await store.searches.list('c'), [{ ...search, pattern: 'a*' }]);
    await store.namespaces.remove('n');
    await store.searches.remove('s');
    assert.deepEqual([await store.namespaces.list('c'), await store.searches.list('c')], [[], []]);
  });

  it('refuses a namespace of a connection that is not there, and goes on', async () => {
    const orphan = { id: 'n', connectionId: 'nobody', name: 'n', db: 0, prefix: '' };
    const refusal = await rejectsWith(store.namespaces.save(orphan), 'CONFLICT', 'store-refused');
    assert.equal(refusal.details['outcome'], 'not applied');
    await store.profiles.save(someProfile('a'));
    assert.equal((await store.profiles.list()).length, 1);
  });

  it('lists history newest first, page by page, by connection and by status', async () => {
    const events = Array.from({ length: 30 }, (_, i) =>
      someEvent(`e${i}`, { connectionId: `c${i % 3}`, status: i % 5 === 0 ? 'error' : 'success' }),
    );
    await store.history.append(events.slice(0, 10));
    await Promise.all(events.slice(10).map((event) => store.history.append([event])));
    await store.history.append([]);
    const ids = async (query: Parameters<Store['history']['list']>[0]): Promise<string[]> =>
      (await store.history.list(query)).map(({ id }) => id);
    const newestFirst = events.map(({ id }) => id).reverse();
    const page = await store.history.list({ limit: 12 });
    assert.deepEqual(page.map(({ id }) => id), newestFirst.slice(0, 12)); // prettier-ignore
    assert.deepEqual(await ids({ limit: 99, beforeSeq: page.at(-1)!.seq }), newestFirst.slice(12));
    assert.deepEqual(await ids({ limit: 3, connectionId: 'c1' }), ['e28', 'e25', 'e22']);
    assert.deepEqual(await ids({ limit: 3, status: 'error' }), ['e25', 'e20', 'e15']);
    assert.deepEqual(await ids({ limit: 9, status: 'error', connectionId: 'c0' }), ['e15', 'e0']);
    assert.deepEqual(await ids({ limit: 2, status: 'success' }), ['e29', 'e28']);
  });

  it('gives back every field of an event, whatever is in it', async () => {
    const full = someEvent('full', {
      source: 'engine',
      connectionId: 'c',
      namespace: 'n',
      environment: 'prod',
      keyOrPattern: `a\0b 👩‍👩‍👧 ‮ ${'k'.repeat(60 * 1024)}`,
      status: 'unknown',
      errorCode: 'TIMEOUT',
      retryable: false,
      attempts: 3,
      details: { count: 2, forced: true, why: '__proto__' },
    });
    await store.history.append([full, someEvent('bare'), someEvent('half \ud800 pair')]);
    const inMemory = await store.history.list({ limit: 3 });
    assert.deepEqual(inMemory[2], { seq: 1, ...full });
    assert.deepEqual(inMemory[1], { seq: 2, ...someEvent('bare') });
    assert.equal(inMemory[0]?.id, 'half \ufffd pair');
    await reopen();
    assert.deepEqual(await store.history.list({ limit: 3 }), inMemory);
  });

  it('tells who owns it and where it stands', async () => {
    const links: unknown[] = [];
    store.onLink((link) => links.push(link));
    const status = await store.status();
    assert.deepEqual(links, [{ epoch: 1, isOwner: true }]);
    assert.deepEqual([status.epoch, status.owner.pid, status.owner.clients], [1, process.pid, 1]);
    assert.deepEqual(
      [status.state, status.schemaVersion, status.unreadableRows],
      ['owner', latestVersion(migrations), 0],
    );
  });

  it('reads what was asked after a write in the same turn', async () => {
    const saved = store.profiles.save(someProfile('a'));
    assert.equal((await store.profiles.list()).length, 1);
    await saved;
  });

  it('rejects when the worker cannot run or cannot open, and tries again with the next call', async () => {
    const options = {
      folder,
      wasmPath,
      workerPath: join(folder, 'missing.js'),
      keys: noKeys,
      log: keptLog(),
      clock: systemClock,
    };
    const noWorker = openStore(options);
    await rejectsWith(noWorker.profiles.list(), 'INTERNAL_ERROR', 'store-stopped');
    await rejectsWith(noWorker.profiles.list(), 'INTERNAL_ERROR', 'store-stopped');
    await noWorker.close();
    const noSqlite = openStore({ ...options, workerPath, wasmPath: join(folder, 'missing.wasm') });
    await assert.rejects(noSqlite.profiles.list(), /missing\.wasm/);
    await noSqlite.close();
  });
});

describe('A stored row that cannot be read', () => {
  it('is reported once, left out and kept', async () => {
    const { folder, remove } = temporaryFolder();
    const log = keptLog();
    const client = realClient(folder, 'test', log);
    const rows = new RowParser(log);
    const profiles = new StoredProfiles(client, rows);
    const insert = (id: string, json: string): Promise<void> =>
      client.write([{ sql: 'INSERT INTO profiles VALUES (?, ?, 0)', params: [id, json] }]);
    await profiles.save(someProfile('good'));
    await insert('broken', '{');
    await insert('null', 'null');
    await insert('other', '{"id":"other"}');
    const text = JSON.stringify(someProfile('proto')).replace(
      '{',
      '{"__proto__":{"readOnly":true,"polluted":1},',
    );
    await insert('proto', text);
    await insert('only-proto', `{"__proto__":${JSON.stringify(someProfile('only-proto'))}}`);
    for (let i = 0; i < 2; i++) {
      const listed = await profiles.list();
      assert.deepEqual(listed, [someProfile('good'), someProfile('proto')]);
      assert.equal(Object.getPrototypeOf(listed[1]), Object.prototype);
    }
    assert.equal(Reflect.get({}, 'polluted'), undefined);
    assert.equal(rows.unreadableRows, 4);
    assert.equal(log.lines.length, 4);
    assert.equal((await client.read(connectionReads.profiles)).length, 6);
    await client.write([
      {
        sql: `INSERT INTO history_events (id, timestamp, source, action, duration_ms, status, attempts, correlation_id)
          VALUES ('x', 1, 'nobody', 'a', 0, 'success', 1, 'c')`,
        params: [],
      },
    ]);
    assert.deepEqual(await new StoredHistory(client, rows).list({ limit: 5 }), []);
    await client.close();
    remove();
  });
});
