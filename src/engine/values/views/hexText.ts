const bytesOfLine = 16;

/** Most bytes that are written out: 1 MiB. */
export const maxHexShown = 1024 * 1024;

/** Pairs of digits, 16 bytes a line. */
export function hexPairs(bytes: Buffer): string {
  return linesOf(bytes, pairs).join('\n');
}

/** Offset, pairs and the ASCII among them, 16 bytes a line. */
export function hexDump(bytes: Buffer): string {
  return linesOf(bytes, dumpLine).join('\n');
}

function linesOf(bytes: Buffer, write: (line: Buffer, offset: number) => string): string[] {
  const lines: string[] = [];
  const end = Math.min(bytes.length, maxHexShown);
  for (let at = 0; at < end; at += bytesOfLine)
    lines.push(write(bytes.subarray(at, Math.min(end, at + bytesOfLine)), at));
  return lines;
}

function pairs(line: Buffer): string {
  let text = '';
  for (const byte of line) text += byteTexts[byte] ?? '';
  return text.slice(1);
}

const byteTexts = Array.from({ length: 256 }, (_, byte) => ` ${byte.toString(16).padStart(2, '0')}`);

function dumpLine(line: Buffer, offset: number): string {
  const width = bytesOfLine * 3 - 1;
  let ascii = '';
  for (const byte of line) ascii += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
  return `${offset.toString(16).padStart(8, '0')}  ${pairs(line).padEnd(width)}  |${ascii}|`;
}
