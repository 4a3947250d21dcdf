import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PayloadKey } from '../../engine/kernel/payloadKeys';
import { payloadDamaged } from './payloadErrors';

const algorithm = 'aes-256-gcm';
/** Its last byte is the version of the layout. */
const magic = Buffer.from('CSP\u0001', 'latin1');
const keyIdBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const headerBytes = magic.length + keyIdBytes + nonceBytes;

/** Bytes that are encrypted in one go: well below a millisecond, so that a window answers meanwhile. */
const sliceBytes = 256 * 1024;

/** Bytes a payload's file has beyond its content. */
export const overheadBytes = headerBytes + tagBytes;

/** Name of content: a keyed hash, in hex, so that it tells those without the key nothing of the content. */
export async function hashOf(key: PayloadKey, content: Uint8Array): Promise<string> {
  const hmac = createHmac('sha256', derived(key, 'name'));
  for (const slice of slicesOf(content)) {
    hmac.update(slice);
    await nextTurn();
  }
  return hmac.digest('hex');
}

/**
 * Content as the parts of its file: magic, version, key id, nonce; AES-256-GCM ciphertext; tag. The header and the hash
 * that names the file are authenticated with it, so that a file put in the place of another is found out.
 */
export async function* seal(key: PayloadKey, hash: string, content: Uint8Array): AsyncGenerator<Uint8Array> {
  const nonce = randomBytes(nonceBytes);
  const header = Buffer.concat([magic, Buffer.from(key.id, 'hex'), nonce]);
  const cipher = createCipheriv(algorithm, derived(key, 'content'), nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.concat([header, Buffer.from(hash, 'hex')]));
  yield header;
  for (const slice of slicesOf(content)) {
    yield cipher.update(slice);
    await nextTurn();
  }
  cipher.final();
  yield cipher.getAuthTag();
}

/** The content of a payload's file; rejects with `payload-damaged` unless it is exactly what was put under that hash. */
export async function unseal(key: PayloadKey, hash: string, file: Uint8Array): Promise<Uint8Array> {
  const header = file.subarray(0, headerBytes);
  if (file.length < overheadBytes || !isHeaderOf(key, header)) throw payloadDamaged(hash);
  const nonce = header.subarray(headerBytes - nonceBytes);
  const cipher = createDecipheriv(algorithm, derived(key, 'content'), nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.concat([header, Buffer.from(hash, 'hex')]));
  cipher.setAuthTag(file.subarray(file.length - tagBytes));
  // Not zeroed, which would take as long as a slice does for each of many; all of it is written below.
  const content = Buffer.allocUnsafeSlow(file.length - overheadBytes);
  let length = 0;
  for (const slice of slicesOf(file.subarray(headerBytes, file.length - tagBytes))) {
    length += cipher.update(slice).copy(content, length);
    await nextTurn();
  }
  try {
    cipher.final();
  } catch (thrown) {
    throw payloadDamaged(hash, thrown);
  }
  return content;
}

function isHeaderOf(key: PayloadKey, header: Uint8Array): boolean {
  return Buffer.concat([magic, Buffer.from(key.id, 'hex')]).equals(
    header.subarray(0, headerBytes - nonceBytes),
  );
}

/** One key for one purpose: what names a file must not tell what encrypts it. */
function derived(key: PayloadKey, purpose: 'name' | 'content'): Buffer {
  return Buffer.from(hkdfSync('sha256', key.bytes, '', `cachify payload ${purpose}`, 32));
}

function* slicesOf(content: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < content.length; at += sliceBytes) yield content.subarray(at, at + sliceBytes);
}
