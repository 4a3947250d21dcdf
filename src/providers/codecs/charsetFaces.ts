import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';
import type { EncodedValue } from '../../engine/values/valueViews';
import type { Face, Fit } from '../../engine/values/views/codec';

/** From 0x80 to 0x9f. A table of our own: the runtime's decoder takes this encoding for Latin-1. */
const windows1252Part = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

const latin1 = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('latin1');

/** The older encodings: those of one byte a character can be written, the others only read. */
export const charsetFaces: readonly Face[] = [
  singleByte('latin1', 'Latin-1', () => latin1),
  singleByte(
    'windows-1252',
    'Windows-1252',
    () => latin1.slice(0, 128) + windows1252Part + latin1.slice(160),
  ),
  singleByte('windows-1251', 'Windows-1251', tableOf),
  singleByte('koi8-r', 'KOI8-R', tableOf),
  multiByte('shift_jis', 'Shift_JIS'),
  multiByte('euc-jp', 'EUC-JP'),
  multiByte('gbk', 'GBK'),
  multiByte('big5', 'Big5'),
  multiByte('euc-kr', 'EUC-KR'),
];

/** `tableFor` gives the 256 characters of an encoding. */
function singleByte(name: string, title: string, tableFor: (name: string) => string): Face {
  return {
    name,
    title,
    readOnlyReason: `These bytes are not valid ${title}: saving the text would change them`,
    fit: hasHighBytes,
    show: (bytes) => ({ text: throughTable(bytes, tableFor(name)), language: 'plaintext' }),
    read: (text) => backThroughTable(text, tableFor(name), title),
  };
}

function multiByte(name: string, title: string): Face {
  return {
    name,
    title,
    readOnlyReason: `${title} can be read here, but not written`,
    fit: hasHighBytes,
    show: (bytes) => ({
      text: new TextDecoder(name, { ignoreBOM: true }).decode(bytes),
      language: 'plaintext',
    }),
  };
}

function tableOf(name: string): string {
  return new TextDecoder(name).decode(Buffer.from(latin1, 'latin1'));
}

function throughTable(bytes: Buffer, table: string): string {
  const units = new Uint16Array(bytes.length);
  bytes.forEach((byte, index) => (units[index] = table.charCodeAt(byte)));
  return Buffer.from(units.buffer).toString('utf16le');
}

function backThroughTable(text: string, table: string, title: string): EncodedValue {
  const byteOf = new Map(Array.from(table, (character, byte) => [character, byte]));
  const bytes = Buffer.alloc(text.length);
  for (let at = 0; at < text.length; at++) {
    const byte = byteOf.get(text.charAt(at));
    if (byte === undefined) return { problem: `${title} has no such character`, at };
    bytes[at] = byte;
  }
  return { bytes };
}

/** Pure ASCII is the same in all of them. */
function hasHighBytes(bytes: Buffer): Fit {
  return isAscii(bytes) ? 'no' : 'choice';
}
