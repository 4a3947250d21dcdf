import type { ReadRequest, ValuePage } from '../../engine/connections/valuePage';
import { EngineError } from '../../engine/kernel/errors';

/** A page of an item's bytes. Memcached gives values whole, so pages are cut here. Rejects with CONFLICT when it is gone. */
export function itemPage(data: Buffer | undefined, request: ReadRequest): ValuePage {
  if (!data) throw new EngineError('CONFLICT', 'gone', 'The item does not exist any more');
  const offset = Number(request.cursor ?? 0);
  const bytes = Buffer.from(data.subarray(offset, offset + request.limit));
  const end = offset + bytes.length;
  return {
    kind: 'bytes',
    offset,
    total: data.length,
    bytes,
    ...(end < data.length && { cursor: String(end) }),
  };
}
