import { Buffer } from 'node:buffer';

/**
 * A key is bytes. Between the wire and the screen it travels as a `KeyName`: a string with one character
 * a byte (latin1), which compares, hashes and sorts like the bytes and costs one byte a character.
 */
export type KeyName = string & { readonly __brand: 'KeyName' };

/** The `KeyName` of raw bytes. */
export function keyName(bytes: Uint8Array): KeyName {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString('latin1') as KeyName;
}

/** The `KeyName` of text a person typed, encoded as UTF-8. */
export function keyNameOfText(text: string): KeyName {
  return Buffer.from(text, 'utf8').toString('latin1') as KeyName;
}

/** The raw bytes of a key. */
export function keyBytes(name: KeyName): Buffer {
  return Buffer.from(name, 'latin1');
}
