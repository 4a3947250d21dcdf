import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from '../../helpers/repository';
import { temporaryFolder } from '../../unit/store/storeFixture';
import { realStore } from './realStore';

const script = join(repositoryRoot, 'out/test/integration/store/appendUntilKilled.js');

/** Starts a process that appends; resolves with what it acknowledged by the time `enough` ids were, and were killed. */
async function appendAndKill(folder: string, prefix: string, enough: number): Promise<string[]> {
  const child = spawn(process.execPath, [script, folder, prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
  return collect(child, enough);
}

async function collect(child: ChildProcess, enough: number): Promise<string[]> {
  let text = '';
  let lines = 0;
  assert.ok(child.stdout);
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    text += chunk;
    lines += chunk.split('\n').length - 1;
    if (lines >= enough) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return text.slice(0, text.lastIndexOf('\n')).split('\n');
}

describe('A window that is killed', function () {
  this.timeout(60_000);

  it('loses no acknowledged event and keeps none twice, wherever it was', async () => {
    const { folder, remove } = temporaryFolder();
    const acknowledged: string[] = [];
    for (let run = 0; run < 6; run++) {
      const enough = 1 + Math.floor(Math.random() * 4000);
      acknowledged.push(...(await appendAndKill(folder, `run${run}`, enough)));
    }
    const store = realStore(folder);
    const stored = (await store.history.list({ limit: 1_000_000 })).map(({ id }) => id);
    const unique = new Set(stored);
    assert.equal(unique.size, stored.length, 'an event is there twice');
    assert.deepEqual(acknowledged.filter((id) => !unique.has(id)), []); // prettier-ignore
    assert.equal((await store.status()).damage.failedTransactions, 0);
    await store.close();
    remove();
  });
});
