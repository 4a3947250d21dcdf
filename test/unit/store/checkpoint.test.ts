import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { encodeGroup } from '../../../src/providers/store/journalRecord';
import { lockName } from '../../../src/providers/store/lockFile';
import { FaultyFiles } from './faultyFiles';
import { makeCore, rowIds, saveRow, temporaryFolder, transaction, write } from './storeFixture';

const fiveMinutes = 5 * 60_000;

describe('A checkpoint', () => {
  let folder: string;
  let remove: () => void;
  beforeEach(() => ({ folder, remove } = temporaryFolder()));
  afterEach(() => remove());

  it('is made five minutes after a write, and none without one', async () => {
    const { core, time } = await makeCore({ folder });
    core.open();
    time.advance(10 * fiveMinutes);
    assert.deepEqual(readdirSync(folder), ['store.lock']);
    write(core, saveRow('a'));
    time.advance(fiveMinutes - 1);
    assert.equal(readdirSync(folder).includes('snapshot-2.sqlite'), false);
    time.advance(1);
    assert.ok(readdirSync(folder).includes('snapshot-2.sqlite'));
    assert.equal(core.status().journalBytes, 0);
    core.close();
  });

  it('is made as soon as the journal passes 16 MB', async () => {
    const { core, time } = await makeCore({ folder });
    core.open();
    const json = 'x'.repeat(1024 * 1024);
    for (let i = 0; i < 16; i++) {
      write(core, transaction({ sql: 'INSERT INTO profiles VALUES (?, ?, 0)', params: [String(i), json] }));
    }
    time.advance(0);
    assert.ok(readdirSync(folder).includes('snapshot-2.sqlite'));
    core.close();
  });

  it('keeps the snapshot before and the journals since, and removes what is older', async () => {
    const { core, time } = await makeCore({ folder });
    core.open();
    for (const id of ['a', 'b', 'c']) {
      write(core, saveRow(id));
      time.advance(fiveMinutes);
    }
    write(core, saveRow('d'));
    const names = readdirSync(folder).sort();
    assert.deepEqual(names, [
      'journal-3.log',
      'journal-3.seal',
      'journal-4.log',
      'journal-4.seal',
      'snapshot-3.sqlite',
      'snapshot-4.sqlite',
      'store.lock',
      'store.reached',
    ]);
    core.close();
  });

  it('made twice after a purge leaves nothing of what was purged in any file, also where others stay beside it', async () => {
    const { core } = await makeCore({ folder });
    core.open();
    const nameOf = (index: number): string => `canary-${String(index).padStart(4, '0')}`;
    const insert = 'INSERT INTO key_snapshots (id, at, json) VALUES (?, ?, ?)';
    const rows = Array.from({ length: 500 }, (_, index) => ({
      sql: insert,
      params: [`k${index}`, index, nameOf(index)],
    }));
    write(core, transaction(...rows));
    write(core, transaction({ sql: 'DELETE FROM key_snapshots WHERE at % 7 <> 0', params: [] }));
    await core.upkeep('shrink', setImmediate);
    core.close();
    const found = new Set<number>();
    for (const name of readdirSync(folder)) {
      const text = readFileSync(join(folder, name)).toString('latin1');
      for (const [match] of text.matchAll(/canary-\d{4}/g)) found.add(Number(match.slice(-4)));
    }
    assert.deepEqual(
      [...found].filter((index) => index % 7 !== 0),
      [],
    );
    assert.equal(found.size, 72, 'what stays is found, so the search finds');
  });

  it('that fails after a purge frees nothing, and none is begun once the store was lost', async () => {
    const faulty = new FaultyFiles();
    const { core, losses } = await makeCore({ folder, files: faulty.files });
    core.open();
    write(core, saveRow('a'));
    const many = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)';
    write(
      core,
      transaction({ sql: `INSERT INTO namespaces ${many} SELECT i, 'a', '{}' FROM n`, params: [] }),
    );
    write(core, transaction({ sql: 'DELETE FROM namespaces', params: [] }));
    faulty.decide = (_operation, file) => (file.endsWith('.tmp') ? { errno: 'ENOSPC' } : undefined);
    const { before, after } = await core.upkeep('shrink', setImmediate);
    assert.equal(after, before);
    const there = readdirSync(folder).filter((name) => name.startsWith('journal'));
    faulty.decide = (operation, file) => {
      if (operation === 'rename' && file.endsWith('.sqlite')) rmSync(join(folder, lockName));
      return undefined;
    };
    await assert.rejects(core.upkeep('shrink', setImmediate), { reason: 'store-owned-elsewhere' });
    assert.equal(losses(), 1);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('journal') && !there.includes(name)),
      [],
    );
    core.close();
  });

  it('leaves the database as it was: statements, constraints and foreign keys go on', async () => {
    const { core, time } = await makeCore({ folder });
    core.open();
    write(core, saveRow('a'));
    time.advance(fiveMinutes);
    const orphan = transaction({
      sql: 'INSERT INTO namespaces VALUES (?, ?, ?)',
      params: ['n', 'nobody', '{}'],
    });
    assert.deepEqual(
      write(core, saveRow('b'), saveRow('a'), orphan).map((refusal) => refusal?.reason),
      [undefined, 'store-refused', 'store-refused'],
    );
    core.close();
  });

  it('is made within seconds once journals take long to replay, unless the database is far larger than they are', async () => {
    const large = (id: string, bytes: number): ReturnType<typeof transaction> =>
      transaction({
        sql: 'INSERT INTO profiles (id, json, position) VALUES (?, ?, 0)',
        params: [id, 'x'.repeat(bytes)],
      });
    const snapshots = (): number => readdirSync(folder).filter((name) => name.startsWith('snapshot')).length;
    const { core, time } = await makeCore({ folder });
    core.open();
    write(core, large('a', 1_000_000));
    time.advance(2000);
    assert.equal(snapshots(), 0);
    write(core, large('b', 11_000_000));
    time.advance(2000);
    assert.equal(snapshots(), 1);
    write(core, large('c', 1_300_000));
    time.advance(2000);
    assert.equal(snapshots(), 1, 'an eighth of the database is not reached');
    write(core, large('d', 500_000));
    time.advance(2000);
    assert.equal(snapshots(), 2);
    core.close();
  });

  it('forgets the ids of applied requests after ten minutes', async () => {
    const { core, time } = await makeCore({ folder });
    core.open();
    write(core, { ...saveRow('old'), at: time.now() });
    time.advance(2 * fiveMinutes + 1);
    write(core, { ...saveRow('new'), at: time.now() });
    time.advance(fiveMinutes);
    assert.equal(core.read('SELECT count(*) FROM applied_runs', [])[0]?.[0], 1);
    core.close();
  });

  it('forgets no id because the clock was set, or ran on in sleep: what is sent again then is applied once', async () => {
    const day = 24 * 60 * 60_000;
    for (const reopens of [true, false]) {
      const { folder: own, remove: removeOwn } = temporaryFolder();
      const { core, time } = await makeCore({ folder: own });
      core.open();
      time.advance(fiveMinutes);
      write(core, saveRow('a'));
      const sql = 'UPDATE profiles SET position = position + 1';
      const sent = { ...transaction({ sql, params: [] }), at: time.now() };
      write(core, sent);
      time.jump(day);
      if (reopens) core.close();
      if (reopens) core.open();
      time.advance(fiveMinutes);
      assert.equal(
        readdirSync(own).some((name) => name.startsWith('snapshot')),
        true,
      );
      assert.deepEqual(write(core, sent), [undefined]);
      assert.deepEqual(core.read('SELECT position FROM profiles', []), [[1]]);
      time.advance(2 * fiveMinutes);
      write(core, { ...saveRow('b'), at: time.now() });
      time.advance(fiveMinutes);
      assert.deepEqual(core.read('SELECT count(*) FROM applied_runs', []), [[1]]);
      core.close();
      removeOwn();
    }
  });

  it('that fails is reported and tried again later, and costs nothing', async () => {
    const faulty = new FaultyFiles();
    const { core, time, log } = await makeCore({ folder, files: faulty.files });
    core.open();
    write(core, saveRow('a'));
    faulty.decide = (_operation, file) => (file.endsWith('.tmp') ? { errno: 'ENOSPC' } : undefined);
    time.advance(fiveMinutes);
    assert.match(core.status().checkpointFailure ?? '', /ENOSPC/);
    assert.ok(log.lines.includes('warn The store could not make a checkpoint'));
    assert.deepEqual(write(core, saveRow('b')), [undefined]);
    faulty.decide = () => undefined;
    time.advance(fiveMinutes);
    assert.equal(core.status().checkpointFailure, undefined);
    assert.ok(readdirSync(folder).includes('snapshot-3.sqlite'));
    core.close();
  });

  it('cut short by the end of the process before any of its steps loses nothing', async () => {
    for (let step = 1; ; step++) {
      const { folder: own, remove: removeOwn } = temporaryFolder();
      const faulty = new FaultyFiles();
      const { core, time } = await makeCore({ folder: own, files: faulty.files });
      core.open();
      for (const id of ['a', 'b']) {
        write(core, saveRow(id));
        time.advance(fiveMinutes);
      }
      write(core, saveRow('c'));
      const before = faulty.done.length;
      faulty.decide = (_operation, _file, count) => (count === before + step ? 'crash' : undefined);
      time.advance(fiveMinutes);
      const steps = faulty.done.length - before;
      for (let opening = 1; opening <= 2; opening++) {
        const again = await makeCore({ folder: own });
        again.core.open();
        assert.deepEqual(
          rowIds(again.core),
          opening === 1 ? ['a', 'b', 'c'] : ['a', 'b', 'c', 'd'],
          `step ${step}`,
        );
        assert.deepEqual(Object.values(again.core.status().damage), [0, 0, 0, 0, 0, 0, 0], `step ${step}`);
        if (opening === 1) write(again.core, saveRow('d'));
        again.core.close();
      }
      removeOwn();
      if (steps < step) break;
    }
  });

  it('after which appending fails over to the new generation even when its folder could not be flushed', async () => {
    const faulty = new FaultyFiles();
    const { core, time } = await makeCore({ folder, files: faulty.files });
    core.open();
    write(core, saveRow('a'));
    faulty.decide = (operation) => (operation === 'syncFolder' ? { errno: 'EIO' } : undefined);
    time.advance(fiveMinutes);
    faulty.decide = () => undefined;
    assert.deepEqual(core.write([{ transactions: [saveRow('b')], record: encodeGroup([saveRow('b')]) }]), [
      undefined,
    ]);
    core.close();
    const again = await makeCore({ folder });
    again.core.open();
    assert.deepEqual(rowIds(again.core), ['a', 'b']);
    again.core.close();
  });
});
