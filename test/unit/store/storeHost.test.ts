import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HostMessage } from '../../../src/providers/store/hostMessages';
import { migrations } from '../../../src/providers/store/migrations';
import { type OwnerFacts, ownerFileName, readOwner } from '../../../src/providers/store/ownerFile';
import { reserveName } from '../../../src/providers/store/reserve';
import type { OpenDatabase } from '../../../src/providers/store/sqlite';
import { type StoreFiles, nodeFiles } from '../../../src/providers/store/storeFiles';
import { StoreHost } from '../../../src/providers/store/storeHost';
import { eventually } from '../../helpers/eventually';
import { repositoryRoot } from '../../helpers/repository';
import { FakeTime, keptLog, saveRow, sqlite, temporaryFolder } from './storeFixture';
import { writeTo } from './writeTo';

/** A host in this thread, with what it told its window. */
class TestHost {
  readonly told: HostMessage[] = [];
  readonly log = keptLog();
  readonly host: StoreHost;

  constructor(options: {
    readonly folder: string;
    readonly name: string;
    readonly time: FakeTime;
    readonly files?: StoreFiles;
    readonly loadSqlite?: () => Promise<OpenDatabase>;
  }) {
    const { name, time } = options;
    this.host = new StoreHost({
      files: nodeFiles,
      loadSqlite: sqlite,
      ...options,
      clientId: name,
      mode: 'candidate',
      migrations,
      clock: time,
      timers: time,
      // Its first eight characters name the socket.
      random: { id: () => `${name.padEnd(8, '0')}-${++ids}`, next: () => 0.5 },
      process: { pid: name.length, host: 'here', isAlive: () => true },
      log: this.log,
      tell: (message) => this.told.push(message),
      defer: setImmediate,
      runJob: () => Promise.reject(new Error('no test of a host asks for this')),
    });
    this.host.start();
  }

  /** How it is reached, once it serves. */
  serving(): Promise<OwnerFacts> {
    return eventually('the host serves', () =>
      this.told.flatMap((message) => (message.kind === 'serving' ? [message.facts] : [])).at(0),
    );
  }

  /** What it told of its state. */
  kinds(): string[] {
    return this.told.map(({ kind }) => kind).filter((kind) => kind !== 'log');
  }

  /** Why it ended, once it has. */
  ended(): Promise<string> {
    return eventually('the host ended', () =>
      this.told.flatMap((message) => (message.kind === 'ended' ? [message.why] : [])).at(0),
    );
  }
}

let ids = 0;

describe('The host of a store', () => {
  let folder: string;
  let remove: () => void;
  let time: FakeTime;
  beforeEach(() => {
    ({ folder, remove } = temporaryFolder());
    time = new FakeTime();
  });
  afterEach(() => remove());

  it('that was stalled while it opened leaves the socket and the place of the next owner alone', async () => {
    let wake = (): void => undefined;
    const stalled = new Promise<void>((resolve) => (wake = resolve));
    const slow = new TestHost({
      folder,
      name: 'aaaa',
      time,
      loadSqlite: async () => {
        await stalled;
        return sqlite();
      },
    });
    const next = new TestHost({ folder, name: 'bbbbb', time });
    time.advance(12_000);
    const facts = await next.serving();
    wake();
    assert.equal(await slow.ended(), 'lost');
    assert.equal(existsSync(facts.address), true);
    assert.equal(readOwner(nodeFiles, folder)?.key, facts.key);
    next.host.stop();
    assert.equal(await next.ended(), 'stopped');
  });

  it('whose socket was taken away makes way for an owner that can be reached', async () => {
    const owner = new TestHost({ folder, name: 'aaaa', time });
    const { address } = await owner.serving();
    rmSync(address);
    time.advance(2000);
    assert.equal(await owner.ended(), 'lost');
  });

  it('that finds no room to say where it is uses the room in reserve, and without one serves its own window', async () => {
    writeFileSync(join(folder, reserveName), '');
    const isFull = (): boolean => existsSync(join(folder, reserveName)) || !hasReserve;
    let hasReserve = true;
    const createExclusive: StoreFiles['createExclusive'] = (file, text) => {
      if (file.includes(ownerFileName) && isFull()) throw Object.assign(new Error(), { code: 'ENOSPC' });
      return nodeFiles.createExclusive(file, text);
    };
    const files = { ...nodeFiles, createExclusive };
    for (const published of [true, false]) {
      hasReserve = published;
      rmSync(join(folder, ownerFileName), { force: true });
      const owner = new TestHost({ folder, name: 'aaaa', time, files });
      const { key } = await owner.serving();
      assert.equal(readOwner(nodeFiles, folder)?.key, published ? key : undefined);
      hasReserve = true;
      rmSync(join(folder, reserveName), { force: true });
      time.advance(2000);
      assert.equal(readOwner(nodeFiles, folder)?.key, key, 'it is tried again');
      owner.host.stop();
      assert.equal(await owner.ended(), 'stopped');
    }
  });

  it('heals from an error at opening that passes: the newest journal could not be written', async () => {
    const first = new TestHost({ folder, name: 'aaaa', time });
    await first.serving();
    first.host.stop();
    await first.ended();
    writeFileSync(join(folder, 'journal-1.log'), '');
    let isOver = false;
    const openExisting: StoreFiles['openExisting'] = (file) => {
      if (!isOver && file.endsWith('journal-1.log')) throw Object.assign(new Error(), { code: 'EACCES' });
      return nodeFiles.openExisting(file);
    };
    const frozen = new TestHost({ folder, name: 'bbbbb', time, files: { ...nodeFiles, openExisting } });
    await frozen.serving();
    time.advance(20_000);
    assert.deepEqual(frozen.kinds(), ['serving'], 'it is shown as it is while the error lasts');
    isOver = true;
    time.advance(2000);
    assert.equal(await frozen.ended(), 'lost');
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('heals from an upgrade that failed when somebody writes and its cause has passed, tried less and less often', async () => {
    cpSync(join(repositoryRoot, 'test/fixtures/store/v1/snapshotAndJournals'), folder, { recursive: true });
    const before = readdirSync(folder);
    let isOver = false;
    let tries = 0;
    const openDatabase = await sqlite();
    const loadSqlite = async (): Promise<OpenDatabase> => (file) => {
      const database = openDatabase(file);
      const run = database.run.bind(database);
      database.run = (sql, params) => {
        if (sql.startsWith('CREATE TABLE leases') && ++tries > 0 && !isOver) throw new Error('out of memory');
        return run(sql, params);
      };
      return database;
    };
    const frozen = new TestHost({ folder, name: 'aaaa', time, loadSqlite });
    const facts = await frozen.serving();
    assert.equal(tries, 1);
    time.advance(60_000);
    assert.equal(tries, 1, 'nobody writes');
    const waits: number[] = [];
    for (const expected of [2, 3, 4, 5, 6]) {
      assert.equal(await writeTo(facts, saveRow('x')), 'store-failed');
      const since = time.monotonic();
      while (tries < expected && time.monotonic() - since < 60_000) time.advance(1000);
      waits.push(time.monotonic() - since);
      time.advance(1000);
    }
    assert.deepEqual(
      waits.map((wait, index) => wait >= (waits[index - 1] ?? 0) && wait <= 32_000),
      waits.map(() => true),
      waits.join(),
    );
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('backup')),
      [],
      'no copy a try',
    );
    assert.deepEqual(
      before.filter((name) => !readdirSync(folder).includes(name)),
      [],
    );
    await writeTo(facts, saveRow('x'));
    isOver = true;
    time.advance(40_000);
    assert.equal(await frozen.ended(), 'lost');
    const next = new TestHost({ folder, name: 'bbbbb', time, loadSqlite });
    assert.equal(await writeTo(await next.serving(), saveRow('x')), undefined);
    next.host.stop();
    await next.ended();
  });

  it('whose folder takes no socket is reached elsewhere by every window, and leaves nothing there', async () => {
    if (process.platform !== 'win32') mkdirSync(join(folder, 's-aaaa0000.sock'));
    const owner = new TestHost({ folder, name: 'aaaa', time });
    const facts = await owner.serving();
    assert.notEqual(dirname(facts.address), folder);
    const published = readOwner(nodeFiles, folder);
    assert.equal(published?.address, facts.address);
    assert.equal(await writeTo(published, saveRow('x')), undefined);
    time.advance(6000);
    assert.deepEqual(owner.kinds(), ['serving'], 'it stays the owner');
    owner.host.stop();
    assert.equal(await owner.ended(), 'stopped');
    assert.equal(existsSync(dirname(facts.address)), process.platform === 'win32');
  });

  it('that may only read leaves the socket of the owner alone', async () => {
    const owner = new TestHost({ folder, name: 'aaaa', time });
    const { address } = await owner.serving();
    const createExclusive: StoreFiles['createExclusive'] = () => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    };
    const reader = new TestHost({ folder, name: 'bbbbb', time, files: { ...nodeFiles, createExclusive } });
    await reader.serving();
    assert.equal(existsSync(address), true);
    reader.host.stop();
    await reader.ended();
    owner.host.stop();
    await owner.ended();
  });

  for (const errno of ['EACCES', 'EPERM', 'EROFS', 'EIO']) {
    it(`shows a folder read-only that cannot be written (${errno}), with a socket elsewhere`, async () => {
      let isOver = false;
      const unless = <T>(work: () => T): T => {
        if (!isOver) throw Object.assign(new Error(errno), { code: errno });
        return work();
      };
      const files: StoreFiles = {
        ...nodeFiles,
        makeFolder: (at) => unless(() => nodeFiles.makeFolder(at)),
        createExclusive: (file, text) => unless(() => nodeFiles.createExclusive(file, text)),
        removeIfThere: (file) => unless(() => nodeFiles.removeIfThere(file)),
        openNew: (file) => unless(() => nodeFiles.openNew(file)),
      };
      const host = new TestHost({ folder, name: 'aaaa', time, files });
      const { address } = await host.serving();
      assert.equal(existsSync(address) || process.platform === 'win32', true);
      isOver = true;
      time.advance(6000);
      assert.equal(await host.ended(), 'lost');
    });
  }

  it('opens although a half-written file cannot be removed', async () => {
    writeFileSync(join(folder, 'snapshot-1.sqlite.1.tmp'), '');
    const removeIfThere: StoreFiles['removeIfThere'] = (file) => {
      if (file.endsWith('.1.tmp')) throw Object.assign(new Error(), { code: 'EBUSY' });
      nodeFiles.removeIfThere(file);
    };
    const owner = new TestHost({
      folder,
      name: 'aaaa',
      time,
      files: { ...nodeFiles, removeIfThere, remove: removeIfThere },
    });
    await owner.serving();
    owner.host.stop();
    assert.equal(await owner.ended(), 'stopped');
  });
});
