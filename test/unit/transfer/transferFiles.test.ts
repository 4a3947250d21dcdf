import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyNameOfText } from '../../../src/engine/kernel/keyName';
import { fileSink, fileSource } from '../../../src/extension/commands/transferFiles';
import { ResultsFile } from '../../../src/extension/commands/transferResults';
import { onWindows } from '../../helpers/processes';
import { rejectsWith } from '../../helpers/rejects';

describe('a file that is exported', () => {
  let folder: string;
  const uri = (name: string, scheme = 'file') => ({ scheme, fsPath: join(folder, name) });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cachify-sink-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('takes its name when it is whole, in place of what was there', async () => {
    await writeFile(join(folder, 'out'), 'before');
    const sink = await fileSink(uri('out'));
    await sink.write('text ü ');
    await sink.write(Buffer.from([0xff, 0]));
    assert.equal(await readFile(join(folder, 'out'), 'utf8'), 'before');
    await sink.commit();
    assert.deepEqual(
      await readFile(join(folder, 'out')),
      Buffer.concat([Buffer.from('text ü '), Buffer.from([0xff, 0])]),
    );
    assert.deepEqual(await readdir(folder), ['out']);
    if (!onWindows) assert.equal((await stat(join(folder, 'out'))).mode & 0o777, 0o600);
  });

  it('leaves what was there, and nothing else, when it is discarded', async () => {
    await writeFile(join(folder, 'out'), 'before');
    const sink = await fileSink(uri('out'));
    await sink.write('half');
    await sink.discard();
    assert.deepEqual(
      [await readdir(folder), await readFile(join(folder, 'out'), 'utf8')],
      [['out'], 'before'],
    );
  });

  it('is read again and again, and is refused where it cannot be', async () => {
    await writeFile(join(folder, 'in'), Buffer.alloc(1_200_000, 7));
    const source = await fileSource(uri('in'));
    for (let i = 0; i < 2; i++) {
      let bytes = 0;
      for await (const chunk of source.chunks()) bytes += chunk.length;
      assert.deepEqual([bytes, source.size], [1_200_000, 1_200_000]);
    }
    await rejectsWith(fileSource(uri('none')), 'VALIDATION_ERROR', 'invalid');
    await rejectsWith(fileSink(uri('in/under')), 'VALIDATION_ERROR', 'invalid');
    await rejectsWith(fileSource(uri('in', 'vscode-vfs')), 'NOT_SUPPORTED', 'unsupported');
  });

  it('ends its reading with a cancel, and says so', async () => {
    await writeFile(join(folder, 'in'), Buffer.alloc(2_000_000));
    const abort = new AbortController();
    const reading = async (): Promise<void> => {
      for await (const chunk of (await fileSource(uri('in'))).chunks(abort.signal)) abort.abort(chunk.length);
    };
    await rejectsWith(reading(), 'TIMEOUT', 'cancelled');
  });

  it('holds the result of each key of an import beside the file, when it is wanted', async () => {
    const results = new ResultsFile(uri('in'));
    results.add({ line: 2, key: keyNameOfText('a'), fate: 'written' });
    results.add({ line: 3, fate: 'invalid', reason: 'Line 3 is no line of this format' });
    assert.deepEqual(await readdir(folder), []);
    const path = await results.keep();
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as unknown),
      [
        { line: 2, key: { text: 'a' }, fate: 'written' },
        { line: 3, fate: 'invalid', reason: 'Line 3 is no line of this format' },
      ],
    );
    assert.deepEqual(await readdir(folder), ['in.results.jsonl']);
  });
});
