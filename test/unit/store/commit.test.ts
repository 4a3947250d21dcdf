import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockName } from '../../../src/providers/store/lockFile';
import { nodeFiles } from '../../../src/providers/store/storeFiles';
import { FaultyFiles } from './faultyFiles';
import { makeCore, rowIds, saveRow, temporaryFolder, transaction, write } from './storeFixture';

describe('A commit', () => {
  let folder: string;
  let remove: () => void;
  beforeEach(() => ({ folder, remove } = temporaryFolder()));
  afterEach(() => remove());

  async function reopened(): Promise<unknown[]> {
    const { core } = await makeCore({ folder });
    core.open();
    const ids = rowIds(core);
    assert.deepEqual(core.status().damage.failedTransactions, 0);
    core.close();
    return ids;
  }

  it('survives closing and reopening', async () => {
    const { core } = await makeCore({ folder });
    core.open();
    assert.deepEqual(write(core, saveRow('a'), saveRow('b')), [undefined, undefined]);
    core.close();
    assert.deepEqual(await reopened(), ['a', 'b']);
  });

  for (const before of [[], [saveRow('a')]]) {
    it(`that fails after another window took over takes back nothing of it (${before.length} before)`, async () => {
      const faulty = new FaultyFiles();
      const { core, losses } = await makeCore({ folder, files: faulty.files });
      const next = await makeCore({ folder, name: 'next' });
      core.open();
      if (before.length > 0) write(core, ...before);
      faulty.decide = (operation, file) => {
        if (operation !== 'sync' || !file.endsWith('.log')) return undefined;
        rmSync(join(folder, lockName));
        next.core.open();
        return { errno: 'EIO' };
      };
      const sent = saveRow('b');
      assert.equal(write(core, sent)[0]?.reason, 'store-owned-elsewhere');
      assert.equal(losses(), 1);
      core.close();
      assert.deepEqual(write(next.core, sent), [undefined]);
      assert.equal(rowIds(next.core).includes('b'), true);
      next.core.close();
      assert.deepEqual(await reopened(), [...(before.length > 0 ? ['a'] : []), 'b']);
    });
  }

  it('refuses a transaction that breaks a constraint, alone and without a trace', async () => {
    const { core } = await makeCore({ folder });
    core.open();
    const halfBad = transaction(...saveRow('c').statements, ...saveRow('a').statements);
    const [first, second, third] = write(core, saveRow('a'), halfBad, saveRow('b'));
    assert.deepEqual([first, third], [undefined, undefined]);
    assert.equal(second?.reason, 'store-refused');
    assert.deepEqual(rowIds(core), ['a', 'b']);
    core.close();
    assert.deepEqual(await reopened(), ['a', 'b']);
  });

  it('leaves no journal when all of it is refused', async () => {
    const { core } = await makeCore({ folder });
    core.open();
    write(core, transaction({ sql: 'INSERT INTO nowhere VALUES (1)', params: [] }));
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('journal')),
      [],
    );
    core.close();
  });

  it('applies a request once, however often it is sent', async () => {
    const { core } = await makeCore({ folder });
    core.open();
    const request = saveRow('a');
    assert.deepEqual(write(core, request, request), [undefined, undefined]);
    assert.deepEqual(write(core, request), [undefined]);
    core.close();
    const again = await makeCore({ folder });
    again.core.open();
    assert.deepEqual(write(again.core, request), [undefined]);
    assert.deepEqual(rowIds(again.core), ['a']);
    again.core.close();
  });

  for (const errno of ['ENOSPC', 'EIO']) {
    for (const at of ['openExclusive', 'write', 'sync', 'syncFolder'] as const) {
      it(`on ${errno} at ${at} is refused, reads go on and the next one works`, async () => {
        for (const before of [[], ['a']]) {
          const { folder: own, remove: removeOwn } = temporaryFolder();
          const faulty = new FaultyFiles();
          const { core } = await makeCore({ folder: own, files: faulty.files });
          core.open();
          for (const id of before) write(core, saveRow(id));
          if (before.length > 0 && (at === 'openExclusive' || at === 'syncFolder')) {
            core.close();
            removeOwn();
            continue;
          }
          faulty.decide = (operation) => (operation === at ? { errno } : undefined);
          const [refusal] = write(core, saveRow('lost'));
          assert.equal(refusal?.reason, errno === 'ENOSPC' ? 'store-full' : 'store-failed');
          assert.equal(refusal.retryable, true);
          assert.deepEqual(rowIds(core), before);
          faulty.decide = () => undefined;
          assert.deepEqual(write(core, saveRow('kept')), [undefined]);
          core.close();
          const again = await makeCore({ folder: own });
          again.core.open();
          assert.deepEqual(rowIds(again.core), [...before, 'kept']);
          assert.equal(again.core.status().damage.missingJournals, 0);
          again.core.close();
          removeOwn();
        }
      });
    }
  }

  it('that could neither be written nor cut off says that its outcome is unknown, and stays undone once another is', async () => {
    const faulty = new FaultyFiles();
    const { core } = await makeCore({ folder, files: faulty.files });
    core.open();
    write(core, saveRow('a'));
    // The record is whole on the disk; only its fsync and the cut fail.
    faulty.decide = (operation) =>
      operation === 'sync' || operation === 'truncate' ? { errno: 'EIO' } : undefined;
    const [refusal] = write(core, saveRow('lost'));
    assert.equal(refusal?.details['outcome'], 'unknown');
    faulty.decide = () => undefined;
    assert.deepEqual(write(core, saveRow('kept')), [undefined]);
    assert.deepEqual(rowIds(core), ['a', 'kept']);
    core.close();
    assert.deepEqual(await reopened(), ['a', 'kept']);
  });

  it('that could neither be begun nor removed is sealed by the next journal', async () => {
    const faulty = new FaultyFiles();
    const { core } = await makeCore({ folder, files: faulty.files });
    core.open();
    faulty.decide = (operation) =>
      operation === 'sync' || operation === 'remove' ? { errno: 'EIO' } : undefined;
    assert.equal(write(core, saveRow('lost'))[0]?.details['outcome'], 'unknown');
    faulty.decide = () => undefined;
    assert.deepEqual(write(core, saveRow('kept')), [undefined]);
    core.close();
    assert.deepEqual(await reopened(), ['kept']);
  });

  it('cut short by the end of the process at any step is there whole or not at all, and never half', async () => {
    for (let step = 1; step <= 8; step++) {
      const { folder: own, remove: removeOwn } = temporaryFolder();
      const faulty = new FaultyFiles();
      const { core } = await makeCore({ folder: own, files: faulty.files, name: `step-${step}` });
      core.open();
      const acknowledged: string[] = [];
      faulty.decide = (_operation, _file, count) => (count === step ? 'crash' : undefined);
      for (const id of ['a', 'b', 'c']) {
        try {
          const pair = transaction(...saveRow(id).statements, ...saveRow(`${id}2`).statements);
          if (write(core, pair)[0] === undefined) acknowledged.push(id, `${id}2`);
        } catch {
          break;
        }
      }
      const again = await makeCore({ folder: own, files: nodeFiles, name: `step-${step}` });
      again.core.open();
      const ids = rowIds(again.core).map(String);
      for (const id of acknowledged) assert.ok(ids.includes(id), `${id} is lost after step ${step}`);
      assert.equal(ids.length % 2, 0, `half a transaction after step ${step}`);
      again.core.close();
      removeOwn();
    }
  });
});
