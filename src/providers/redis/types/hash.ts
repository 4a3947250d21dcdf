import { asBuffer, asList, asNumber, asOptionalBuffer, asText, cell, pairs, unwrap } from '../replies';
import { fieldTtls, type FieldLife } from './fieldTtls';
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
    const { lives, hidden } = await fieldTtls(link, key, fields, call);
    const rows = found.flatMap(([field, value], i) => {
      const life = lives[i] ?? 'never';
      // what expired since it was listed is no field any more: without its time to live it would come back for ever
      return life === 'gone'
        ? []
        : [{ field: cell(field, Infinity), value: cell(value, request.cellLimit), ...expiryOf(life) }];
    });
    const next = scanCursor(asText(cursor));
    const isAll = request.cursor === undefined && next.cursor === undefined;
    // HLEN counts fields that have expired and were not removed yet
    const total = isAll ? rows.length : asNumber(unwrap(length));
    return { kind: 'hash', total, rows, ...(hidden !== undefined && { hiddenTtls: hidden }), ...next };
  },
  async readElement(link, key, element, call) {
    if (element.kind !== 'hash') return undefined;
    return asOptionalBuffer(await link.send(['HGET', key, element.field], call));
  },
};

function expiryOf(life: Exclude<FieldLife, 'gone'>) {
  return life === 'never' ? {} : { expireAtMs: life };
}

/** The cursor of a *SCAN reply as a page carries it: `0` means the end. */
export function scanCursor(cursor: string): { cursor?: string } {
  return cursor === '0' ? {} : { cursor };
}
