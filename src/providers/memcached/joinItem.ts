import type { ValuePart } from '../../engine/connections/valuePart';
import { EngineError } from '../../engine/kernel/errors';

/** Item size of a server that was told nothing else, bytes. */
export const largestItem = 1024 * 1024;

/** What a server keeps of an item beside key and value: header, CAS, flags and line ends, bytes. */
const overhead = 64;

/** An item whole, as the protocol wants it. Rejects as soon as it is larger than the server takes. */
export async function joinItem(
  parts: AsyncIterable<ValuePart>,
  limit: number,
): Promise<{ readonly bytes: Buffer; readonly flags: number }> {
  const pieces: Buffer[] = [];
  let size = 0;
  let flags = 0;
  for await (const part of parts) {
    if (part.kind !== 'item')
      throw new EngineError('NOT_SUPPORTED', 'unsupported', 'Memcached knows items only');
    pieces.push(part.bytes);
    size += part.bytes.length;
    flags = part.flags;
    if (size > limit) throw tooLarge(limit);
  }
  return { bytes: Buffer.concat(pieces), flags };
}

/** Rejects what a server would not take: it deletes what is there before it says that the new value is too large. */
export function requireFit(key: Buffer, bytes: Buffer, limit: number): void {
  if (bytes.length + key.length + overhead > limit) throw tooLarge(limit);
}

/** What a server says to an item above its limit. */
function tooLarge(limit: number): EngineError {
  return new EngineError(
    'VALIDATION_ERROR',
    'invalid',
    `The value is larger than the ${limit} bytes this server takes for an item with its key (item_size_max). Nothing was written`,
    { details: { limit } },
  );
}
