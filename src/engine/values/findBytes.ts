import { Buffer } from 'node:buffer';

/** Finds bytes in bytes; without case, ASCII letters alone are equal in both. */
export interface ByteFinder {
  readonly length: number;
  isIn(bytes: Buffer): boolean;
  /** Where it begins, overlaps included, in ascending order. */
  offsetsIn(bytes: Buffer): number[];
}

/** A finder of `text`, which must not be empty. */
export function byteFinder(text: Buffer, caseSensitive: boolean): ByteFinder {
  const fold = (bytes: Buffer): Buffer => (caseSensitive ? bytes : withoutCase(bytes));
  const wanted = fold(text);
  return {
    length: text.length,
    isIn: (bytes) => bytes.length >= wanted.length && fold(bytes).includes(wanted),
    offsetsIn(bytes) {
      const folded = fold(bytes);
      const offsets: number[] = [];
      for (let at = folded.indexOf(wanted); at !== -1; at = folded.indexOf(wanted, at + 1)) offsets.push(at);
      return offsets;
    },
  };
}

function withoutCase(bytes: Buffer): Buffer {
  const folded = Buffer.from(bytes);
  for (let i = 0; i < folded.length; i++) {
    const byte = folded[i] ?? 0;
    if (byte >= 0x41 && byte <= 0x5a) folded[i] = byte + 0x20;
  }
  return folded;
}
