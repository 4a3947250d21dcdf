import type { FileSource } from './ports';
import { openCommands } from './readCommands';
import { openRecords, type OpenedFile } from './readRecords';

/** Opens a file of keys from its beginning; each call reads it anew. */
export type OpenFile = (signal?: AbortSignal) => Promise<OpenedFile>;

/** Opens a file in either format, told by its first character: JSON begins with a brace. */
export function keysFile(source: FileSource): OpenFile {
  return async (signal) => {
    const isJson = await beginsWithBrace(source);
    return isJson ? openRecords(source.chunks(signal)) : openCommands(() => source.chunks(signal));
  };
}

async function beginsWithBrace(source: FileSource): Promise<boolean> {
  for await (const chunk of source.chunks()) {
    const first = chunk
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .trimStart();
    if (first !== '') return first.startsWith('{');
  }
  // an empty file says nothing: the stricter of the two says so
  return true;
}
