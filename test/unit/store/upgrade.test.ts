import assert from 'node:assert/strict';
import { cpSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { StoredHistory } from '../../../src/providers/store/historyStore';
import { migrations } from '../../../src/providers/store/migrations';
import { StoredNamespaces } from '../../../src/providers/store/namespaceStore';
import { StoredProfiles } from '../../../src/providers/store/profileStore';
import { RowParser } from '../../../src/providers/store/rowParser';
import { StoredSearches } from '../../../src/providers/store/savedSearchStore';
import { readSnapshot } from '../../../src/providers/store/snapshotFile';
import type { StoreCore } from '../../../src/providers/store/storeCore';
import { nodeFiles } from '../../../src/providers/store/storeFiles';
import { repositoryRoot } from '../../helpers/repository';
import { coreAccess } from './coreAccess';
import { type Fault, FaultyFiles } from './faultyFiles';
import { keptLog, makeCore, sqlite, temporaryFolder, transaction, write } from './storeFixture';

const fixtures = join(repositoryRoot, 'test/fixtures/store/v1');
const latest = migrations.length;
const savePolicy = transaction({ sql: "INSERT INTO retention_policies VALUES ('alerts', '{}')", params: [] });

/** What the fixtures hold, as the features read it. */
async function contents(core: StoreCore): Promise<unknown> {
  const access = coreAccess(core);
  const rows = new RowParser(keptLog());
  const profiles = await new StoredProfiles(access, rows).list();
  const events = await new StoredHistory(access, rows).list({ limit: 1000 });
  return {
    profiles: profiles.map(({ id, name, environment, order }) => [id, name, environment, order]),
    namespaces: (await new StoredNamespaces(access, rows).list('p1')).map(({ id, db, prefix }) => [
      id,
      db,
      prefix,
    ]),
    searches: (await new StoredSearches(access, rows).list('p1')).map(({ pattern, type }) => [pattern, type]),
    events: events.map(({ seq, id }) => `${seq} ${id}`),
    failed: events
      .filter(({ status }) => status === 'error')
      .map(({ errorCode, details }) => [errorCode, details]),
    unreadable: rows.unreadableRows,
  };
}

const expected = {
  profiles: [
    ['p2', 'Sessions', 'dev', 4],
    ['p1', 'Orders', 'prod', 5],
  ],
  namespaces: [
    ['n1', 2, Buffer.from('cart:').toString('base64')],
    ['n2', 0, ''],
  ],
  searches: [['cart:old:*', 'hash']],
  events: Array.from({ length: 50 }, (_, index) => `${50 - index} e${50 - index}`),
  failed: [50, 40, 30, 20, 10].map((tries) => ['TIMEOUT', { tries }]),
  unreadable: 0,
};

for (const name of readdirSync(fixtures)) {
  describe(`G55: A store of version 1 (${name})`, () => {
    let folder: string;
    let remove: () => void;
    beforeEach(() => {
      ({ folder, remove } = temporaryFolder());
      cpSync(join(fixtures, name), folder, { recursive: true });
    });
    afterEach(() => remove());

    async function open(options: Partial<Parameters<typeof makeCore>[0]> = {}): ReturnType<typeof makeCore> {
      const test = await makeCore({ folder, livePids: new Set(), ...options });
      test.core.open();
      return test;
    }

    it('is upgraded with all it holds, and a copy of what was there is kept', async () => {
      const { core, time } = await open();
      const { state, schemaVersion, backup, damage } = core.status();
      assert.deepEqual([state, schemaVersion], ['owner', latest]);
      assert.ok(
        Object.values(damage).every((count) => count === 0),
        JSON.stringify(damage),
      );
      assert.deepEqual(await contents(core), expected);
      assert.deepEqual(write(core, savePolicy), [undefined]);
      time.advance(5 * 60_000);
      core.close();
      const copy = (await sqlite())(readSnapshot(nodeFiles, folder, backup ?? ''));
      assert.equal(copy.version, 1);
      assert.deepEqual(copy.query('SELECT count(*) FROM history_events'), [[50]]);
      copy.close();
      const again = await open();
      assert.deepEqual(await contents(again.core), expected);
      assert.deepEqual(again.core.read('SELECT dataset FROM retention_policies', []), [['alerts']]);
      assert.equal(again.core.status().backup, undefined);
      again.core.close();
      assert.ok(readdirSync(folder).includes(backup ?? ''));
    });

    for (const fault of [{ errno: 'EIO' }, { errno: 'ENOSPC' }, 'crash'] as const satisfies Fault[]) {
      it(`has everything when any step of the upgrade meets ${typeof fault === 'string' ? 'the end of the process' : fault.errno}`, async () => {
        const fine = await stepsOfUpgrade();
        assert.ok(fine >= 8, `${fine} steps`);
        for (let step = 1; step <= fine; step++) {
          remove();
          cpSync(join(fixtures, name), folder, { recursive: true });
          const faulty = new FaultyFiles();
          faulty.decide = (_operation, _file, count) => (count === step ? fault : undefined);
          await upgradeWith(faulty, typeof fault === 'string');
          const after = await open({ name: 'after' });
          assert.deepEqual([after.core.status().state, after.core.status().schemaVersion], ['owner', latest]);
          assert.deepEqual(await contents(after.core), expected, `step ${step}`);
          after.core.close();
        }
      });
    }

    async function stepsOfUpgrade(): Promise<number> {
      const faulty = new FaultyFiles();
      await upgradeWith(faulty, false);
      return faulty.done.length;
    }

    /** Opens, reads, saves and makes a checkpoint, as far as it comes; what can be read is all there. */
    async function upgradeWith(faulty: FaultyFiles, ends: boolean): Promise<void> {
      const { core, time } = await makeCore({ folder, files: faulty.files, livePids: new Set() });
      try {
        core.open();
        assert.deepEqual(await contents(core), expected);
        write(core, savePolicy);
        time.advance(5 * 60_000);
        core.close();
      } catch (thrown) {
        if (!ends || thrown instanceof assert.AssertionError) throw thrown;
      }
    }

    it('cannot be written any more by code that is older than the store, which is left as it is', async () => {
      const next = { version: latest + 1, up: ['CREATE TABLE later (a)'] };
      const newer = await open({ migrations: [...migrations, next] });
      newer.time.advance(1);
      newer.core.close();
      const before = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file)).length]);
      const { core } = await open();
      assert.equal(core.status().state, 'frozen');
      assert.equal(write(core, savePolicy)[0]?.reason, 'store-newer');
      assert.deepEqual(await contents(core), expected);
      core.close();
      assert.deepEqual(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file)).length]), before); // prettier-ignore
    });
  });
}

describe('The package', () => {
  it('holds no test and no fixture', () => {
    const files = readFileSync(join(repositoryRoot, 'test/golden/vsix-files.txt'), 'utf8').split('\n');
    assert.deepEqual(files.filter((file) => /^test\/|fixtures|\.sqlite$/.test(file)), []); // prettier-ignore
  });
});
