import type { Face } from '../../engine/values/views/codec';

/** Most positions that are listed. */
const maxListed = 10_000;

/** Which bits are set, counted as SETBIT counts: bit 0 is the highest of the first byte. */
export const bitmapFace: Face = {
  name: 'bitmap',
  title: 'Bitmap',
  readOnlyReason: 'A bitmap is listed here for reading: choose Hex to edit its bytes',
  fit: (bytes) => (bytes.length > 0 ? 'choice' : 'no'),
  show(bytes) {
    const { count, positions } = bitsOf(bytes);
    const rest = count > positions.length ? [`… and ${count - positions.length} more`] : [];
    const lines = [`${count} of ${bytes.length * 8} bits are set`, '', ...inLines(positions), ...rest];
    return { text: lines.join('\n'), language: 'plaintext' };
  },
};

function bitsOf(bytes: Buffer): { readonly count: number; readonly positions: readonly number[] } {
  const positions: number[] = [];
  let count = 0;
  bytes.forEach((byte, index) => {
    if (byte === 0) return;
    for (let bit = 0; bit < 8; bit++)
      if (byte & (0x80 >> bit) && count++ < maxListed) positions.push(index * 8 + bit);
  });
  return { count, positions };
}

function inLines(positions: readonly number[]): string[] {
  const lines: string[] = [];
  for (let at = 0; at < positions.length; at += 16) lines.push(positions.slice(at, at + 16).join(' '));
  return lines;
}
