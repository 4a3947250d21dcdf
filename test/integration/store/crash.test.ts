import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { lockName } from '../../../src/providers/store/lockFile';
import { rejectsWith } from '../../helpers/rejects';
import { repositoryRoot } from '../../helpers/repository';
import { temporaryFolder } from '../../unit/store/storeFixture';
import { realStore, someEvent, someProfile } from './realStore';
import { eventually } from '../../helpers/eventually';

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

  it('hands the store to another one, which was its reader until then', async () => {
    const { folder, remove } = temporaryFolder();
    const child = spawn(process.execPath, [script, folder, 'child'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const store = realStore(folder);
    const roles: string[] = [];
    store.onRole((role) => roles.push(role));
    assert.ok((await store.history.list({ limit: 1 })).length > 0);
    assert.deepEqual(roles, ['reader']);
    const ids = await collect(child, 1);
    await eventually('the reader is the owner', () => (roles.at(-1) === 'owner' ? true : undefined));
    const stored = new Set((await store.history.list({ limit: 1_000_000 })).map(({ id }) => id));
    assert.deepEqual(ids.filter((id) => !stored.has(id)), []); // prettier-ignore
    await store.profiles.save(someProfile('mine'));
    await store.close();
    remove();
  });

  it('but is only stopped acknowledges nothing once another has taken the store over', async function () {
    // Windows has no signal that stops a process.
    if (process.platform === 'win32') return;
    const { folder, remove } = temporaryFolder();
    const child = spawn(process.execPath, [script, folder, 'child'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const complaint = textOf(child.stderr);
    const acknowledged = collect(child, Infinity);
    await once(child.stdout, 'data');
    child.kill('SIGSTOP');
    const longAgo = Date.now() / 1000 - 30;
    utimesSync(join(folder, lockName), longAgo, longAgo);
    const store = realStore(folder);
    await store.history.append([someEvent('mine')]);
    child.kill('SIGCONT');
    const ids = await acknowledged;
    assert.match(await complaint, /store-owned-elsewhere/);
    for (const each of [store, realStore(folder)]) {
      const stored = (await each.history.list({ limit: 1_000_000 })).map(({ id }) => id);
      assert.ok(stored.includes('mine'));
      assert.equal(new Set(stored).size, stored.length);
      assert.deepEqual(ids.filter((id) => !stored.includes(id)), []); // prettier-ignore
      await each.close();
    }
    remove();
  });
});

describe('Two stores on one folder in one process', () => {
  it('are an owner and a reader until the owner closes', async () => {
    const { folder, remove } = temporaryFolder();
    const [first, second] = [realStore(folder), realStore(folder)];
    await first.history.append([someEvent('a')]);
    const roles: string[] = [];
    second.onRole((role) => roles.push(role));
    await second.status();
    assert.deepEqual(roles, ['reader']);
    await rejectsWith(second.history.append([someEvent('no')]), 'CONFLICT', 'store-owned-elsewhere');
    await first.close();
    await eventually('the second is the owner', () => (roles.at(-1) === 'owner' ? true : undefined));
    await second.history.append([someEvent('b')]);
    assert.deepEqual((await second.history.list({ limit: 9 })).map(({ id }) => id), ['b', 'a']); // prettier-ignore
    await second.close();
    remove();
  });
});

async function textOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
  return text;
}
