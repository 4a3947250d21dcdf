import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError } from '../../../src/engine/kernel/errors';
import { writeHistoryFile } from '../../../src/extension/commands/historyFile';

describe('A file of the history', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cachify-history-'));
    await writeFile(join(folder, 'history.jsonl'), 'before');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const uri = () => ({ scheme: 'file', fsPath: join(folder, 'history.jsonl') });
  const found = async () => ({
    names: await readdir(folder),
    text: await readFile(join(folder, 'history.jsonl'), 'utf8'),
  });
  const untouched = { names: ['history.jsonl'], text: 'before' };

  it('takes the place of the one before when it is whole', async () => {
    const fill = async (write: (text: string) => Promise<void>) => {
      await write('1\n');
      assert.equal((await found()).text, 'before');
      await write('2\n');
      return { events: 2 };
    };
    assert.deepEqual(await writeHistoryFile(uri(), fill, new AbortController().signal), { events: 2 });
    assert.deepEqual(await found(), { names: ['history.jsonl'], text: '1\n2\n' });
  });

  it('is not left half when it fails', async () => {
    const fill = async (write: (text: string) => Promise<void>): Promise<never> => {
      await write('1\n');
      throw new EngineError('INTERNAL_ERROR', 'store-failed', 'The store ended');
    };
    await assert.rejects(writeHistoryFile(uri(), fill, new AbortController().signal), /The store ended/);
    assert.deepEqual(await found(), untouched);
  });

  it('G50: is not kept when it was cancelled at the very end', async () => {
    const abort = new AbortController();
    const fill = async (write: (text: string) => Promise<void>) => {
      await write('1\n');
      abort.abort();
    };
    await assert.rejects(
      writeHistoryFile(uri(), fill, abort.signal),
      (thrown) => thrown instanceof EngineError && thrown.reason === 'cancelled',
    );
    assert.deepEqual(await found(), untouched);
  });
});
