import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../../helpers/repository';
import { makeCore, rowIds, temporaryFolder } from '../../unit/store/storeFixture';

const script = join(repositoryRoot, 'out/test/integration/store/killedAtStep.js');

/** Runs a scenario in a process of its own; what it said, and whether it was killed. */
function run(scenario: string, folder: string, step: number): { said: string[]; wasKilled: boolean } {
  const { stdout, stderr, signal, status } = spawnSync(
    process.execPath,
    [script, scenario, folder, String(step)],
    { encoding: 'utf8' },
  );
  assert.ok(signal === 'SIGKILL' || status === 0, `${scenario} ended with ${status}: ${stderr}`);
  return { said: stdout.split('\n').filter(Boolean), wasKilled: signal === 'SIGKILL' };
}

function idsOf(said: readonly string[], word: string): string[] {
  return said.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
}

describe('A process that is killed', function () {
  this.timeout(120_000);
  // Windows ends a process in another way, and not at once.
  const scenarios = process.platform === 'win32' ? [] : ['checkpoint', 'migration', 'purge'];

  for (const scenario of scenarios) {
    it(`before any step of a ${scenario} loses nothing, brings nothing back, and leaves a store that goes on`, async () => {
      let kills = 0;
      for (let step = 1; ; step++) {
        const { folder, remove } = temporaryFolder();
        const { said, wasKilled } = run(scenario, folder, step);
        const { core } = await makeCore({ folder, livePids: new Set() });
        core.open();
        const ids = rowIds(core);
        const gone = idsOf(said, 'gone');
        for (const id of idsOf(said, 'kept')) {
          if (!gone.includes(id) && !id.startsWith('old'))
            assert.ok(ids.includes(id), `${id} is lost at step ${step}`);
        }
        for (const id of gone) assert.ok(!ids.includes(id), `${id} came back at step ${step}`);
        assert.equal(core.status().state, 'owner');
        assert.equal(core.status().damage.failedTransactions, 0);
        core.close();
        remove();
        if (!wasKilled) break;
        kills++;
      }
      assert.ok(kills >= 5, `only ${kills} steps were tried`);
    });
  }
});
