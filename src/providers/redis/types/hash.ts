import { asBuffer, asList, asNumber, asOptionalBuffer, asText, cell, pairs, unwrap } from '../replies';
import type { Reply } from '../redisLink';
import { fieldTtls } from './fieldTtls';
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
    const found = pairs(asList(flat));
    const fields = found.map(([field]) => asBuffer(field));
    const lives = await fieldTtls(link, key, fields, call);
    const rows = found.map(([field, value], i) => ({
      field: cell(field, Infinity),
      value: cell(value, request.cellLimit),
      ...ttlOf(lives[i]),
    }));
    return { kind: 'hash', total: asNumber(unwrap(length)), rows, ...scanCursor(asText(cursor)) };
  },
  async readElement(link, key, element, call) {
    if (element.kind !== 'hash') return undefined;
    return asOptionalBuffer(await link.send(['HGET', key, element.field], call));
  },
};

function ttlOf(reply: Reply | undefined): { ttlMs?: number } {
  const ttlMs = reply === undefined ? -1 : asNumber(reply);
  return ttlMs >= 0 ? { ttlMs } : {};
}

/** The cursor of a *SCAN reply as a page carries it: `0` means the end. */
export function scanCursor(cursor: string): { cursor?: string } {
  return cursor === '0' ? {} : { cursor };
}
