import { asList, asNumber, asText, cell, unwrap } from '../replies';
import { scanCursor } from './hash';
import type { TypeReader } from './typeReader';

/** Sets, read with SSCAN. */
export const setReader: TypeReader = {
  type: 'set',
  lengthCommand: 'SCARD',
  async readPage(link, key, request, call) {
    const [length, scanned] = await link.pipeline(
      [
        ['SCARD', key],
        ['SSCAN', key, request.cursor ?? '0', 'COUNT', request.limit],
      ],
      call,
    );
    const [cursor, members] = asList(unwrap(scanned));
    const rows = asList(members).map((member) => ({ member: cell(member, Infinity) }));
    return { kind: 'set', total: asNumber(unwrap(length)), rows, ...scanCursor(asText(cursor)) };
  },
};
