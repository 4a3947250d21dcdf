import type { EncodedValue } from '../../engine/values/valueViews';
import type { Face } from '../../engine/values/views/codec';
import { hexDump, hexPairs, maxHexShown } from '../../engine/values/views/hexText';

/** Bytes as pairs of digits, 16 a line, that can be edited. */
export const hexFace: Face = {
  name: 'hex',
  title: 'Hex',
  readOnlyReason: 'Only the first MiB is shown in hex, so that it cannot be edited',
  fit: () => 'sure',
  show(bytes) {
    return { text: hexPairs(bytes), language: 'plaintext', notes: cutNote(bytes) };
  },
  read: readPairs,
};

/** Offset, bytes and the ASCII among them, to read. */
export const hexDumpFace: Face = {
  name: 'hexdump',
  title: 'Hex dump',
  readOnlyReason: 'The hex dump is for reading: choose Hex to edit the bytes',
  fit: () => 'sure',
  show(bytes) {
    return { text: hexDump(bytes), language: 'plaintext', notes: cutNote(bytes) };
  },
};

function cutNote(bytes: Buffer): readonly string[] {
  return bytes.length > maxHexShown
    ? [`Only the first ${maxHexShown} of ${bytes.length} bytes are shown`]
    : [];
}

/** Digit by digit: expressions over a megabyte of pairs take ten times as long. */
function readPairs(text: string): EncodedValue {
  const bytes = Buffer.alloc(text.length >> 1);
  let length = 0;
  let high: number | undefined;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const digit = digitOf(code);
    if (digit === undefined) {
      if (code > 0x20) return { problem: 'This is not a hexadecimal digit', at };
      if (high !== undefined) return { problem: 'A byte needs two digits', at: at - 1 };
    } else if (high === undefined) high = digit;
    else {
      bytes[length++] = (high << 4) | digit;
      high = undefined;
    }
  }
  if (high !== undefined) return { problem: 'A byte needs two digits', at: text.length - 1 };
  return { bytes: bytes.subarray(0, length) };
}

function digitOf(code: number): number | undefined {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : undefined;
}
