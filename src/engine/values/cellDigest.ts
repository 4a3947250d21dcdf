import type { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';

/** Digest of a whole element, base64: tells whether the part of it that a page does not show is still the same. */
export function cellDigest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}
