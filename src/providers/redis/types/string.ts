import { asBuffer, asNumber, unwrap } from '../replies';
import type { TypeReader } from './typeReader';

/** Strings, read in ranges of bytes. */
export const stringReader: TypeReader = {
  type: 'string',
  lengthCommand: 'STRLEN',
  async readPage(link, key, request, call) {
    const offset = Number(request.cursor ?? 0);
    const [length, range] = await link.pipeline(
      [
        ['STRLEN', key],
        ['GETRANGE', key, offset, offset + request.limit - 1],
      ],
      call,
    );
    const bytes = asBuffer(unwrap(range));
    const total = asNumber(unwrap(length));
    const end = offset + bytes.length;
    return {
      kind: 'bytes',
      offset,
      total,
      bytes,
      ...(end < total && bytes.length > 0 && { cursor: String(end) }),
    };
  },
};
