import type { FileSource } from './ports';
import { openRecords, type OpenedFile } from './readRecords';

/** Opens a file of keys from its beginning, in whatever format it is; each call reads it anew. */
export type OpenFile = (signal?: AbortSignal) => Promise<OpenedFile>;

/** A file of one JSON object a line. */
export function linesFile(source: FileSource): OpenFile {
  return (signal) => openRecords(source.chunks(signal));
}
