import { asList, asNumber, asText, cell, pairs, unwrap } from '../replies';
import type { TypeReader } from './typeReader';

/** Sorted sets, read in order of score; scores stay text because a double does not survive formatting. */
export const zsetReader: TypeReader = {
  type: 'zset',
  lengthCommand: 'ZCARD',
  async readPage(link, key, request, call) {
    const start = Number(request.cursor ?? 0);
    const command = request.descending ? 'ZREVRANGE' : 'ZRANGE';
    const [length, range] = await link.pipeline(
      [
        ['ZCARD', key],
        [command, key, start, start + request.limit - 1, 'WITHSCORES'],
      ],
      call,
    );
    const total = asNumber(unwrap(length));
    const rows = pairs(asList(unwrap(range))).map(([member, score]) => ({
      member: cell(member, Infinity),
      score: asText(score),
    }));
    const end = start + rows.length;
    return { kind: 'zset', total, rows, ...(end < total && rows.length > 0 && { cursor: String(end) }) };
  },
};
