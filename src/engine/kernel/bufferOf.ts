import { Buffer } from 'node:buffer';

/** The same memory as a Buffer: what comes from another thread, or from a library, is a bare array of bytes. */
export function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
