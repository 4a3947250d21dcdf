import type { FileSink, FileSource } from '../../src/engine/transfer/ports';

/** A file in memory that is read in chunks of an awkward size. */
export function memoryFile(content: string | Buffer, chunk = 7): FileSource {
  const bytes = Buffer.from(content);
  return {
    size: bytes.length,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
    },
  };
}

/** A file that is written in memory. */
export function memorySink(): FileSink & {
  readonly content: () => Buffer;
  state: 'open' | 'committed' | 'discarded';
} {
  const pieces: Buffer[] = [];
  const sink = {
    state: 'open' as 'open' | 'committed' | 'discarded',
    content: () => Buffer.concat(pieces),
    async write(content: string | Buffer) {
      pieces.push(Buffer.from(content));
    },
    async commit() {
      sink.state = 'committed';
    },
    async discard() {
      sink.state = 'discarded';
    },
  };
  return sink;
}
