import type { ValuePart } from '../../engine/connections/valuePart';
import { EngineError } from '../../engine/kernel/errors';

/** Item size of a server that was told nothing else, bytes. */
export const largestItem = 1024 * 1024;

/**
 * What a server counts of an item beside key and value, bytes: the header of a 64-bit build, the end of the key and of the
 * value; client flags and the CAS where there are any (memcached's `item_make_header` and `do_item_alloc`).
 */
function overheadOf(flags: number, hasCas: boolean): number {
  return 48 + 1 + 2 + (flags === 0 ? 0 : 4) + (hasCas ? 8 : 0);
}

/** How large items of a server may be. */
export interface ItemLimit {
  /** Bytes of an item as the server counts it, `item_size_max`. */
  readonly itemSize: number;
  readonly hasCas: boolean;
}

/** Bytes of the largest value that fits beside this key and these client flags. */
export function largestValue({ itemSize, hasCas }: ItemLimit, key: Buffer, flags: number): number {
  return itemSize - key.length - overheadOf(flags, hasCas);
}

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
export function requireFit(
  key: Buffer,
  { bytes, flags }: { bytes: Buffer; flags: number },
  limit: ItemLimit,
): void {
  if (bytes.length > largestValue(limit, key, flags)) throw tooLarge(limit.itemSize);
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
