import { EngineError } from '../../engine/kernel/errors';

/** Longest key of the protocol, bytes. */
export const longestKey = 250;
/** Times above this many seconds are read as moments, not as durations (memcached protocol, "Expiration times"). */
export const longestRelativeSeconds = 30 * 86_400;

/** A key as it stands in a meta command: as it is, or as base64 with the `b` flag when it has bytes a line cannot hold. */
export function keyToken(key: Buffer): { readonly token: Buffer; readonly flag: string } {
  if (key.length === 0) throw invalidKey('is empty');
  const plain = isPlain(key);
  const token = plain ? key : Buffer.from(key.toString('base64'));
  if (token.length > longestKey) throw invalidKey(`has more than ${longestKey} bytes`);
  return { token, flag: plain ? '' : ' b' };
}

/** Whether a line can carry the key as it is; others are known to meta commands only. */
export function isPlain(key: Buffer): boolean {
  return key.every((byte) => byte > 32 && byte !== 127);
}

/** Rejects names that the text protocol cannot carry: new keys must be readable by every client. */
export function requirePlainKey(key: Buffer): void {
  if (key.length === 0) throw invalidKey('is empty');
  if (key.length > longestKey) throw invalidKey(`has more than ${longestKey} bytes`);
  if (key.some((byte) => byte <= 32 || byte === 127)) throw invalidKey('has spaces or control characters');
}

function invalidKey(why: string): EngineError {
  return new EngineError('VALIDATION_ERROR', 'invalid', `The Memcached key ${why}`);
}

/** `mg <key> <flags>`. */
export function metaGet(key: Buffer, flags: string): Buffer {
  return line('mg', key, flags);
}

/** `me <key>`: what the server's memory holds of an item, without touching it. */
export function metaDebug(key: Buffer): Buffer {
  return line('me', key, '');
}

/** `gets <key>` of the text protocol; for plain keys. */
export function getWithCas(key: Buffer): Buffer {
  return Buffer.concat([Buffer.from('gets '), keyToken(key).token, Buffer.from('\r\n')]);
}

/** `touch <key> <expiration>` of the text protocol; for plain keys. */
export function touch(key: Buffer, expirationTime: number): Buffer {
  return Buffer.concat([Buffer.from('touch '), keyToken(key).token, Buffer.from(` ${expirationTime}\r\n`)]);
}

/** `md <key> <flags>`. */
export function metaDelete(key: Buffer, flags = ''): Buffer {
  return line('md', key, flags);
}

/** `ms <key> <length> <flags>` and the value. */
export function metaSet(key: Buffer, value: Buffer, flags: string): Buffer {
  const head = line('ms', key, flags, String(value.length));
  return Buffer.concat([head, value, Buffer.from('\r\n')]);
}

function line(command: string, key: Buffer, flags: string, length?: string): Buffer {
  const { token, flag } = keyToken(key);
  const size = length === undefined ? '' : ` ${length}`;
  return Buffer.concat([
    Buffer.from(`${command} `),
    token,
    Buffer.from(`${size}${flag}${flags ? ` ${flags}` : ''}\r\n`),
  ]);
}

/**
 * Expiration time as the server reads it: seconds from now, or for more than 30 days the moment by the server's
 * clock. `serverNow` in seconds since the epoch. A moment that has passed becomes the shortest time there is.
 */
export function expiration(expireAtMs: number, nowMs: number, serverNow: number): number {
  const seconds = Math.max(1, Math.round((expireAtMs - nowMs) / 1000));
  return seconds > longestRelativeSeconds ? serverNow + seconds : seconds;
}

/** Expiration time that keeps `secondsLeft`, as `mg` told them; -1 means that the item does not expire. */
export function keepExpiration(secondsLeft: number, serverNow: number): number {
  if (secondsLeft < 0) return 0;
  return secondsLeft > longestRelativeSeconds ? serverNow + secondsLeft : Math.max(1, secondsLeft);
}
