import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { migrations } from '../../../src/providers/store/migrations';
import { nodeFiles } from '../../../src/providers/store/storeFiles';
import type { RunUpkeepJob, UpkeepJob } from '../../../src/providers/store/upkeepJobs';
import { type TestCore, jobsHere, makeCore, saveRow, sqlite, temporaryFolder, write } from './storeFixture';

const fiveMinutes = 5 * 60_000;

describe('Work on the store as a whole', () => {
  let folder: string;
  let remove: () => void;
  let opened: TestCore | undefined;
  /** What happens between a job that was given away and its start. */
  let meanwhile: (act: UpkeepJob['act']) => void = () => undefined;
  let run: RunUpkeepJob;
  let jobs: UpkeepJob['act'][] = [];
  beforeEach(async () => {
    ({ folder, remove } = temporaryFolder());
    jobs = [];
    meanwhile = () => undefined;
    opened = await makeCore({
      folder,
      runJob: async (job) => {
        jobs.push(job.act);
        meanwhile(job.act);
        return run(job);
      },
    });
    const { core, time, log } = opened;
    const openDatabase = await sqlite();
    run = jobsHere({ files: nodeFiles, folder, migrations, openDatabase, clock: time, log });
    core.open();
  });
  afterEach(() => {
    opened?.core.close();
    remove();
  });

  function store(): TestCore {
    assert.ok(opened);
    return opened;
  }

  for (const act of ['verify', 'backUp', 'tableBytes'] as const) {
    it(`lets windows write while ${act} is at work, and is about what was there before`, async () => {
      const { core } = store();
      write(core, saveRow('a'));
      let written = 0;
      meanwhile = (job) => {
        for (const id of [`b ${job}`, `c ${job}`]) if (write(core, saveRow(id))[0] === undefined) written++;
      };
      const result = await core.upkeep(act, setImmediate);
      assert.equal(written, jobs.length * 2);
      if ('tables' in result) {
        const profiles = result.tables.find(({ table }) => table === 'profiles');
        assert.deepEqual([result.isSound, profiles?.rows, profiles?.replayedRows], [true, 1, 1]);
      }
    });
  }

  it('compares with the files as they were, though a checkpoint was made meanwhile', async () => {
    const { core, time } = store();
    write(core, saveRow('a'));
    time.advance(fiveMinutes);
    write(core, saveRow('b'));
    meanwhile = (job) => {
      if (job !== 'checkFiles') return;
      write(core, saveRow('c'));
      time.advance(fiveMinutes);
    };
    const { isSound, tables } = await core.upkeep('verify', setImmediate);
    assert.deepEqual([isSound, tables.find(({ table }) => table === 'profiles')?.rows], [true, 2]);
    assert.deepEqual(jobs, ['checkDatabase', 'checkFiles']);
  });

  it('begins anew when checkpoints took away the snapshot that it was about', async () => {
    const { core, time } = store();
    write(core, saveRow('a'));
    time.advance(fiveMinutes);
    meanwhile = () => {
      meanwhile = () => undefined;
      for (const id of ['b', 'c']) {
        write(core, saveRow(id));
        time.advance(fiveMinutes);
      }
    };
    const before = readdirSync(folder).filter((name) => name.endsWith('.sqlite'));
    const { isSound, tables } = await core.upkeep('verify', setImmediate);
    assert.ok(before.every((name) => !readdirSync(folder).includes(name)));
    assert.deepEqual(
      [isSound, tables.find(({ table }) => table === 'profiles')?.rows, jobs.length],
      [true, 3, 4],
    );
  });

  it('has one database in memory at a time beside the one in use', async () => {
    const { core, time, log } = store();
    write(core, saveRow('a'));
    let [open, most] = [0, 0];
    const openDatabase = await sqlite();
    const counting: typeof openDatabase = (file) => {
      const database = openDatabase(file);
      most = Math.max(most, ++open);
      const close = database.close.bind(database);
      database.close = () => {
        open--;
        close();
      };
      return database;
    };
    run = jobsHere({ files: nodeFiles, folder, migrations, openDatabase: counting, clock: time, log });
    const { isSound } = await core.upkeep('verify', setImmediate);
    assert.deepEqual([isSound, most, open], [true, 1, 0]);
  });
});
