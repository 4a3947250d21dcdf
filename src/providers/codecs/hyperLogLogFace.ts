import { invalid } from '../../engine/kernel/errors';
import type { Face } from '../../engine/values/views/codec';

/** Mark, encoding, three unused bytes, cached count of eight. */
const headerLength = 16;
/** Header and 16,384 registers of six bits. */
const denseLength = headerLength + 12_288;

/** Redis's HyperLogLog, by its header. */
export const hyperLogLogFace: Face = {
  name: 'hyperloglog',
  title: 'HyperLogLog',
  readOnlyReason: 'A HyperLogLog can only be changed by adding to it with PFADD',
  fit: (bytes) => (isHyperLogLog(bytes) ? 'sure' : 'no'),
  show(bytes) {
    if (!isHyperLogLog(bytes)) throw invalid('This is not a HyperLogLog');
    const lines = [
      'HyperLogLog',
      `Encoding: ${bytes[4] === 0 ? 'dense' : 'sparse'}, ${bytes.length} bytes`,
      `Cardinality: ${cardinality(bytes)}`,
    ];
    return { text: lines.join('\n'), language: 'plaintext' };
  },
};

function isHyperLogLog(bytes: Buffer): boolean {
  if (bytes.length < headerLength || bytes.toString('latin1', 0, 4) !== 'HYLL') return false;
  return bytes[4] === 0 ? bytes.length === denseLength : bytes[4] === 1;
}

/** The highest bit says that the count was not brought up to date since. */
function cardinality(bytes: Buffer): string {
  const cached = bytes.readBigUInt64LE(8);
  return cached >> 63n ? 'not counted since the last change; PFCOUNT counts it' : `about ${cached}`;
}
