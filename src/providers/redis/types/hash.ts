import { asList, asNumber, asOptionalBuffer, asText, cell, pairs, unwrap } from '../replies';
import type { TypeReader } from './typeReader';

/** Hashes, read with HSCAN so that a page never costs more than its rows. */
export const hashReader: TypeReader = {
  type: 'hash',
  lengthCommand: 'HLEN',
  async readPage(link, key, request, call) {
    const [length, scanned] = await link.pipeline(
      [
        ['HLEN', key],
        ['HSCAN', key, request.cursor ?? '0', 'COUNT', request.limit],
      ],
      call,
    );
    const [cursor, flat] = asList(unwrap(scanned));
    const rows = pairs(asList(flat)).map(([field, value]) => ({
      field: cell(field, Infinity),
      value: cell(value, request.cellLimit),
    }));
    return { kind: 'hash', total: asNumber(unwrap(length)), rows, ...scanCursor(asText(cursor)) };
  },
  async readElement(link, key, element, call) {
    if (element.kind !== 'hash') return undefined;
    return asOptionalBuffer(await link.send(['HGET', key, element.field], call));
  },
};

/** The cursor of a *SCAN reply as a page carries it: `0` means the end. */
export function scanCursor(cursor: string): { cursor?: string } {
  return cursor === '0' ? {} : { cursor };
}
