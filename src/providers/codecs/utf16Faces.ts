import { invalid } from '../../engine/kernel/errors';
import type { Face } from '../../engine/values/views/codec';

/** UTF-16, with the low byte first or last; a byte order mark stays. */
export const utf16Faces: readonly Face[] = [
  utf16('utf-16le', 'UTF-16 LE', Buffer.of(0xff, 0xfe), (bytes) => bytes),
  utf16('utf-16be', 'UTF-16 BE', Buffer.of(0xfe, 0xff), (bytes) => Buffer.from(bytes).swap16()),
];

function utf16(name: string, title: string, mark: Buffer, turn: (bytes: Buffer) => Buffer): Face {
  return {
    name,
    title,
    readOnlyReason: `These bytes are not valid ${title}: saving the text would change them`,
    fit(bytes) {
      if (bytes.length === 0 || bytes.length % 2 !== 0) return 'no';
      return bytes.subarray(0, 2).equals(mark) ? 'sure' : 'choice';
    },
    show(bytes) {
      if (bytes.length % 2 !== 0) throw invalid(`This is not ${title}: its length is odd`);
      return { text: turn(bytes).toString('utf16le'), language: 'plaintext' };
    },
    read: (text) => ({ bytes: turn(Buffer.from(text, 'utf16le')) }),
  };
}
