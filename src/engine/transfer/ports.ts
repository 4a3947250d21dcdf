import type { Buffer } from 'node:buffer';

/** A file that is being written under another name. It takes its own name only when committed. */
export interface FileSink {
  /** Resolves when there is room for more. */
  write(content: string | Buffer): Promise<void>;
  /** Puts the file in place, durably. */
  commit(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

/** A file that can be read from its beginning again and again. */
export interface FileSource {
  readonly size: number;
  chunks(signal?: AbortSignal): AsyncIterable<Buffer>;
}
