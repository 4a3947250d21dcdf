import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PayloadKey } from '../../../src/engine/kernel/payloadKeys';
import { largestPayload } from '../../../src/providers/store/payloadStore';
import { rejectsWith } from '../../helpers/rejects';
import { type DirectAccess, directAccess } from './directAccess';
import { FaultyPayloadFiles, MemoryKeys, filesBelow, makePayloads, newKey, occursIn } from './payloadFixture';
import { FakeTime, temporaryFolder } from './storeFixture';

const hour = 3_600_000;
const content = Buffer.from('a value that nobody else may read '.repeat(100));

describe('Payloads', () => {
  let folder: string;
  let removeFolder: () => void;
  let access: DirectAccess;
  let time: FakeTime;
  let keys: MemoryKeys;
  beforeEach(async () => {
    ({ folder, remove: removeFolder } = temporaryFolder());
    access = await directAccess();
    time = new FakeTime();
    keys = new MemoryKeys();
  });
  afterEach(() => {
    access.close();
    removeFolder();
    assert.equal(time.waiting, 0, 'a timer is left');
  });

  function open(more: Partial<Parameters<typeof makePayloads>[0]> = {}): ReturnType<typeof makePayloads> {
    return makePayloads({ folder, access, time, keys, ...more });
  }

  const rows = (): number => access.database.query('SELECT hash FROM payloads').length;

  it('give back what was put, empty and large content included', async () => {
    const { payloads } = open();
    const large = Buffer.alloc(5 * 1024 * 1024 + 7, 'large ');
    for (const each of [content, Buffer.alloc(0), large]) {
      const { hash, bytes } = await payloads.put('keySnapshots/1', each);
      assert.match(hash, /^[0-9a-f]{64}$/);
      assert.equal(statSync(join(folder, 'payloads', hash.slice(0, 2), hash)).size, bytes);
      assert.ok(Buffer.from(await payloads.get(hash)).equals(each));
    }
  });

  it('can be read by this user only', async () => {
    if (process.platform === 'win32') return;
    const { hash } = await open().payloads.put('keySnapshots/1', content);
    const modes = ['payloads', `payloads/${hash.slice(0, 2)}`, `payloads/${hash.slice(0, 2)}/${hash}`].map(
      (name) => statSync(join(folder, name)).mode & 0o777,
    );
    assert.deepEqual(modes, [0o700, 0o700, 0o600]);
  });

  it('keep the same content once, until its last record is gone', async () => {
    const { payloads, sweep } = open();
    const first = await payloads.put('keySnapshots/1', content);
    const second = await payloads.put('keySnapshots/2', content);
    assert.deepEqual(first, second);
    assert.equal(filesBelow(folder).length, 1);
    await payloads.release('keySnapshots/1');
    const nothing = { orphanOwners: 0, removedRows: 0, removedFiles: 0, freedBytes: 0, missingFiles: 0 };
    assert.deepEqual(await sweep(), nothing);
    assert.ok(Buffer.from(await payloads.get(first.hash)).equals(content));
    await payloads.release('keySnapshots/2');
    const { bytes } = first;
    assert.deepEqual(await sweep(), { ...nothing, removedRows: 1, removedFiles: 1, freedBytes: bytes });
    assert.deepEqual(filesBelow(folder), []);
    await rejectsWith(payloads.get(first.hash), 'INTERNAL_ERROR', 'gone');
  });

  it('go with the record that refers to them', async () => {
    const { payloads, sweep } = open();
    await payloads.put('keySnapshots/s1', content);
    await access.write([
      { sql: "INSERT INTO key_snapshots (id, at, json) VALUES ('s1', 1, '{}')", params: [] },
    ]);
    await access.write([{ sql: 'DELETE FROM key_snapshots', params: [] }]);
    assert.equal((await sweep())?.removedRows, 1);
    assert.deepEqual(filesBelow(folder), []);
  });

  it('go a day after they were put when their record never came; until then its window may be about to write it', async () => {
    const { payloads, sweep } = open();
    await payloads.put('keySnapshots/never', content);
    await payloads.put('workflowHistory/never', Buffer.from('of a run'));
    const kept = await payloads.put('keySnapshots/written', Buffer.from('kept'));
    const again = await payloads.put('keySnapshots/late', Buffer.from('put twice'));
    await access.write([
      { sql: "INSERT INTO key_snapshots (id, at, json) VALUES ('written', 1, '{}')", params: [] },
    ]);
    time.advance(24 * hour - 1000);
    assert.equal((await sweep())?.orphanOwners, 0);
    await payloads.put('keySnapshots/late', Buffer.from('put twice'));
    time.advance(2000);
    const { orphanOwners, removedFiles, missingFiles } = (await sweep()) ?? {};
    assert.deepEqual([orphanOwners, removedFiles, missingFiles], [2, 2, 0]);
    for (const { hash } of [kept, again]) await payloads.get(hash);
    assert.equal(rows(), 2);
  });

  it('of a dataset that only a later version knows stay', async () => {
    const { payloads, sweep } = open();
    await payloads.put('somethingNew/1', content);
    time.advance(1000 * hour);
    assert.equal((await sweep())?.orphanOwners, 0);
    assert.equal(rows(), 1);
  });

  it('whose time says nothing, of an earlier version or of a wrong clock, count from the next sweep on', async () => {
    const { payloads, sweep } = open();
    const times = [0, time.now() + 1000 * hour];
    for (const at of times) {
      const owner = `keySnapshots/${at}`;
      await payloads.put(owner, Buffer.from(owner));
      await access.write([
        { sql: 'UPDATE payload_references SET at = ? WHERE owner = ?', params: [at, owner] },
      ]);
    }
    assert.equal((await sweep())?.orphanOwners, 0);
    time.advance(23 * hour);
    assert.equal((await sweep())?.orphanOwners, 0);
    time.advance(2 * hour);
    assert.equal((await sweep())?.orphanOwners, 2);
    assert.deepEqual(filesBelow(folder), []);
  });

  it('without record are found however many there are', async () => {
    const { payloads, sweep } = open();
    const { hash } = await payloads.put('keySnapshots/0', content);
    const owners = Array.from({ length: 1200 }, (_, index) => `keySnapshots/${index}`);
    await access.write(
      owners.map((owner) => ({
        sql: 'INSERT OR REPLACE INTO payload_references (owner, hash, at) VALUES (?, ?, ?)',
        params: [owner, hash, time.now()],
      })),
    );
    time.advance(25 * hour);
    const { orphanOwners, removedFiles } = (await sweep()) ?? {};
    assert.deepEqual([orphanOwners, removedFiles], [owners.length, 1]);
  });

  it('are found out when any byte of their file was altered, or one file was put in place of another', async () => {
    const { payloads } = open();
    const small = Buffer.from('small');
    const { hash } = await payloads.put('keySnapshots/1', small);
    const path = join(folder, 'payloads', hash.slice(0, 2), hash);
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at++) {
      const altered = Buffer.from(whole);
      altered[at] = whole[at]! ^ 0x40;
      writeFileSync(path, altered);
      await rejectsWith(payloads.get(hash), 'INTERNAL_ERROR', 'payload-damaged');
    }
    for (const part of [
      whole.subarray(0, 10),
      whole.subarray(0, whole.length - 1),
      Buffer.concat([whole, whole]),
    ]) {
      writeFileSync(path, part);
      await rejectsWith(payloads.get(hash), 'INTERNAL_ERROR', 'payload-damaged');
    }
    const other = await payloads.put('keySnapshots/2', Buffer.from('other'));
    writeFileSync(path, readFileSync(join(folder, 'payloads', other.hash.slice(0, 2), other.hash)));
    await rejectsWith(payloads.get(hash), 'INTERNAL_ERROR', 'payload-damaged');
    await payloads.put('keySnapshots/3', small);
    assert.deepEqual(Buffer.from(await payloads.get(hash)), small);
  });

  it('say whether the file or the key is missing, and forget neither row', async () => {
    const { payloads, sweep, log } = open();
    const kept = await payloads.put('keySnapshots/1', content);
    const lost = await payloads.put('keySnapshots/2', Buffer.from('lost'));
    rmSync(join(folder, 'payloads', lost.hash.slice(0, 2), lost.hash));
    await rejectsWith(payloads.get(lost.hash), 'INTERNAL_ERROR', 'gone');
    assert.equal((await sweep())?.missingFiles, 1);
    assert.ok(log.lines.includes('error Files of kept content are missing'));
    keys.kept.clear();
    const error = await rejectsWith(payloads.get(kept.hash), 'UNAUTHORIZED', 'payload-key-missing');
    assert.equal(error.details['payload'], kept.hash);
    assert.equal(rows(), 2);
  });

  it('G40: are refused, and nothing is written, while no key is held durably', async () => {
    keys.newest = undefined;
    await rejectsWith(
      open().payloads.put('keySnapshots/1', content),
      'INTERNAL_ERROR',
      'secrets-unavailable',
    );
    assert.deepEqual([filesBelow(folder), rows()], [[], 0]);
  });

  it('above 64 MiB are refused', async () => {
    const tooLarge = Buffer.alloc(largestPayload + 1);
    const error = await rejectsWith(
      open().payloads.put('keySnapshots/1', tooLarge),
      'VALIDATION_ERROR',
      'invalid',
    );
    assert.match(error.message, /65 MiB and at most 64 MiB/);
    assert.deepEqual(filesBelow(folder), []);
  });

  it('leave neither content nor key in any file, name or row', async () => {
    const { payloads } = open();
    const canary = Buffer.from('canary-6f1d');
    const { hash } = await payloads.put('keySnapshots/1', canary);
    const { bytes } = keys.newest as PayloadKey;
    for (const secret of [canary, Buffer.from(bytes), Buffer.from(Buffer.from(bytes).toString('hex'))]) {
      assert.equal(occursIn(folder, secret), false);
      assert.equal(Buffer.from(access.database.export()).includes(secret), false);
    }
    const other = makePayloads({ folder, access, time, keys: new MemoryKeys(newKey()) });
    assert.notEqual((await other.payloads.put('keySnapshots/2', canary)).hash, hash);
  });

  it('put by two windows at once are there once, and whole', async () => {
    const [one, two] = [open({ holder: 'one' }), open({ holder: 'two' })];
    const puts = Array.from({ length: 8 }, (_, index) =>
      (index % 2 ? one : two).payloads.put(`keySnapshots/${index}`, content),
    );
    const hashes = new Set((await Promise.all(puts)).map(({ hash }) => hash));
    assert.equal(hashes.size, 1);
    assert.deepEqual([filesBelow(folder).length, rows()], [1, 1]);
    assert.ok(Buffer.from(await one.payloads.get([...hashes][0]!)).equals(content));
  });

  it('survive a sweep that removes their file just before they get a row', async () => {
    const first = await open().payloads.put('keySnapshots/1', content);
    await open().payloads.release('keySnapshots/1');
    const faulty = new FaultyPayloadFiles();
    const { payloads } = open({ files: faulty.files });
    let swept: Promise<unknown> | undefined;
    access.beforeWrite = (statements) => {
      if (swept || !statements[0]?.sql.startsWith('INSERT OR IGNORE INTO payloads')) return;
      access.beforeWrite = () => undefined;
      rmSync(join(folder, 'payloads', first.hash.slice(0, 2), first.hash));
      swept = access.write([{ sql: 'DELETE FROM payloads', params: [] }]);
    };
    await payloads.put('keySnapshots/2', content);
    await swept;
    assert.ok(Buffer.from(await payloads.get(first.hash)).equals(content));
  });

  it('that lose their file to a sweep and cannot be written again leave no reference behind', async () => {
    await open().payloads.put('keySnapshots/1', content);
    await open().payloads.release('keySnapshots/1');
    const faulty = new FaultyPayloadFiles();
    access.beforeWrite = (statements) => {
      if (!statements[0]?.sql.startsWith('INSERT OR IGNORE INTO payloads')) return;
      rmSync(join(folder, 'payloads'), { recursive: true });
      faulty.decide = (operation) => (operation === 'create' ? { errno: 'ENOSPC' } : undefined);
    };
    const { payloads } = open({ files: faulty.files });
    await rejectsWith(payloads.put('keySnapshots/2', content), 'INTERNAL_ERROR', 'store-full');
    assert.deepEqual(
      await access.read({ name: 'of a test', sql: 'SELECT owner FROM payload_references' }),
      [],
    );
  });

  it('are put back by a sweep that finds their row when the file is out of the way, even after a crash', async () => {
    const { payloads, folder: files, sweep } = open();
    const { hash } = await payloads.put('keySnapshots/1', content);
    let asked = 0;
    assert.equal(await files.remove(hash, () => Promise.resolve(++asked > 1)), false);
    assert.ok(Buffer.from(await payloads.get(hash)).equals(content));
    const crash = new Error('the process ends');
    asked = 0;
    const cutOff = files.remove(hash, () => (++asked > 1 ? Promise.reject(crash) : Promise.resolve(false)));
    await assert.rejects(cutOff, crash);
    await rejectsWith(payloads.get(hash), 'INTERNAL_ERROR', 'gone');
    assert.equal((await sweep())?.missingFiles, 0);
    assert.ok(Buffer.from(await payloads.get(hash)).equals(content));
  });

  it('without row are left alone for an hour, and by a clock that was set back', async () => {
    access.beforeWrite = () => {
      throw new Error('no store');
    };
    const { payloads, sweep } = open();
    await assert.rejects(payloads.put('keySnapshots/1', content), /no store/);
    access.beforeWrite = () => undefined;
    time.advance(hour / 2);
    assert.equal((await sweep())?.removedFiles, 0);
    const early = new FakeTime();
    early.advance(-10 * hour);
    assert.equal((await open({ time: early }).sweep())?.removedFiles, 0);
    time.advance(hour + 1000);
    assert.equal((await sweep())?.removedFiles, 1);
    assert.deepEqual(filesBelow(folder), []);
  });

  it('are swept by one window at a time', async () => {
    const [one, two] = [open({ holder: 'one' }), open({ holder: 'two' })];
    const reports = await Promise.all([one.sweep(), two.sweep()]);
    assert.deepEqual(reports.filter((report) => report === undefined).length, 1);
    assert.ok(await two.sweep());
  });

  for (const operation of ['makeFolder', 'create', 'write', 'sync', 'rename', 'syncFolder']) {
    it(`on a full disk at ${operation} are refused, leave no part, and can be put again`, async () => {
      const faulty = new FaultyPayloadFiles();
      const { payloads } = open({ files: faulty.files });
      faulty.decide = (each) => (each === operation ? { errno: 'ENOSPC' } : undefined);
      const error = await rejectsWith(
        payloads.put('keySnapshots/1', content),
        'INTERNAL_ERROR',
        'store-full',
      );
      assert.equal(error.retryable, true);
      assert.equal(rows(), 0);
      assert.deepEqual(filesBelow(folder).filter((name) => name.endsWith('.tmp')), []); // prettier-ignore
      faulty.decide = () => undefined;
      const { hash } = await payloads.put('keySnapshots/1', content);
      assert.ok(Buffer.from(await payloads.get(hash)).equals(content));
    });
  }

  it('cut short by the end of the process at any step have no row without file, and leave nothing for good', async () => {
    let steps = 0;
    for (let step = 1, crashed = true; crashed; step++) {
      const faulty = new FaultyPayloadFiles();
      faulty.decide = (_operation, count) => (count === step ? 'crash' : undefined);
      const { payloads, sweep } = open({ files: faulty.files });
      const owner = `keySnapshots/${step}`;
      crashed = false;
      try {
        await payloads.put(owner, Buffer.concat([content, Buffer.from(owner)]));
        await payloads.release(owner);
        await sweep();
      } catch {
        crashed = true;
        steps++;
      }
      const after = open({ holder: `after ${step}` });
      time.advance(hour + 1000);
      assert.equal((await after.sweep())?.missingFiles, 0, `step ${step}`);
      assert.equal(filesBelow(folder).length, rows(), `step ${step}`);
    }
    assert.ok(steps >= 15, `${steps} steps`);
  });
});
