import { asList, asNumber, asOptionalBuffer, cell, unwrap } from '../replies';
import type { TypeReader } from './typeReader';

/** Lists, read in ranges of positions. */
export const listReader: TypeReader = {
  type: 'list',
  lengthCommand: 'LLEN',
  async readPage(link, key, request, call) {
    const start = Number(request.cursor ?? 0);
    const [length, range] = await link.pipeline(
      [
        ['LLEN', key],
        ['LRANGE', key, start, start + request.limit - 1],
      ],
      call,
    );
    const total = asNumber(unwrap(length));
    const rows = asList(unwrap(range)).map((value, i) => ({
      index: start + i,
      value: cell(value, request.cellLimit),
    }));
    const end = start + rows.length;
    return { kind: 'list', total, rows, ...(end < total && rows.length > 0 && { cursor: String(end) }) };
  },
  async readElement(link, key, element, call) {
    if (element.kind !== 'list') return undefined;
    return asOptionalBuffer(await link.send(['LINDEX', key, element.index], call));
  },
};
