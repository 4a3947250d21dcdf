import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, basename, join } from 'node:path';
import type { Uri } from 'vscode';
import { cancelled, EngineError, toError } from '../../engine/kernel/errors';
import type { FileSink, FileSource } from '../../engine/transfer/ports';
import { chunkBytes } from '../../engine/transfer/valueFile';

/** What is needed of the address of a file. */
export type FileUri = Pick<Uri, 'scheme' | 'fsPath'>;

/** A file of this machine that takes its name when it is whole. Values are in it: only its owner may read it. */
export async function fileSink(uri: FileUri): Promise<FileSink> {
  const path = pathOf(uri);
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
  const file = await told(() => open(temporary, 'wx', 0o600));
  return {
    write: (content) => told(() => writeAll(file, content)),
    async commit() {
      await told(async () => {
        await file.sync();
        await file.close();
        await rename(temporary, path);
      });
    },
    async discard() {
      await file.close().catch(() => undefined);
      await rm(temporary, { force: true });
    },
  };
}

/** A file of this machine, read a piece at a time. */
export async function fileSource(uri: FileUri): Promise<FileSource> {
  const path = pathOf(uri);
  const { size } = await told(() => stat(path));
  return {
    size,
    chunks: (signal) => chunksOf(path, signal),
  };
}

async function* chunksOf(path: string, signal: AbortSignal | undefined): AsyncIterable<Buffer> {
  const stream = createReadStream(path, { highWaterMark: chunkBytes, ...(signal && { signal }) });
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (thrown) {
    throw signal?.aborted ? cancelled('Reading the file') : unusable(thrown);
  }
}

async function writeAll(file: FileHandle, content: string | Buffer): Promise<void> {
  await (typeof content === 'string' ? file.appendFile(content, 'utf8') : file.appendFile(content));
}

/** Where the extension runs is where the file is: dialogs give paths of that machine. */
function pathOf(uri: FileUri): string {
  if (uri.scheme === 'file') return uri.fsPath;
  const message = `Files of ${uri.scheme} cannot be read or written here: choose one on the disk`;
  throw new EngineError('NOT_SUPPORTED', 'unsupported', message);
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw unusable(thrown);
  }
}

function unusable(thrown: unknown): EngineError {
  const { message } = toError(thrown);
  return new EngineError('VALIDATION_ERROR', 'invalid', `The file could not be used: ${message}`, {
    cause: thrown,
  });
}
