import { isUtf8 } from 'node:buffer';
import type { CacheReader, CallOptions } from '../../engine/connections/cacheProvider';
import { JsonWriter } from '../../engine/values/views/jsonWriter';

/** The fields of one stream entry as JSON, in their order; undefined when it does not exist. */
export async function streamEntryText(
  reader: CacheReader,
  key: Buffer,
  id: string,
  call: CallOptions,
): Promise<string | undefined> {
  const cursor = idBefore(id);
  const request = {
    type: 'stream',
    limit: 1,
    cellLimit: Infinity,
    ...(cursor !== undefined && { cursor }),
  } as const;
  const page = await reader.read(key, request, call);
  const [entry] = page.kind === 'stream' ? page.rows : [];
  if (entry?.id !== id) return undefined;
  const writer = new JsonWriter();
  writer.open('{');
  for (const { name, value } of entry.fields) {
    writer.key(textOf(name.bytes));
    writer.string(textOf(value.bytes));
  }
  writer.close();
  return writer.text();
}

/** A page starts behind its cursor, so an entry is the first behind the id before its own. */
function idBefore(id: string): string | undefined {
  const [ms = '0', seq = '0'] = id.split('-');
  if (seq !== '0') return `${ms}-${BigInt(seq) - 1n}`;
  return ms === '0' ? undefined : `${BigInt(ms) - 1n}-${2n ** 64n - 1n}`;
}

/** Text as it is, other bytes as Base64 that says so. */
function textOf(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : `base64:${bytes.toString('base64')}`;
}
