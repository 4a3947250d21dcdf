import type { Redis } from 'ioredis';
import type { Content, ElementType } from './elementModel';

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Makes a key hold exactly this, expiring then, in one transaction, as another client would. */
export async function putContent(
  peer: Redis,
  key: Buffer,
  content: Content,
  expireAtMs?: number,
): Promise<void> {
  const transaction = peer.multi().del(key);
  switch (content.type) {
    case 'hash':
      for (const [field, value] of content.of) transaction.hset(key, latin(field), value);
      break;
    case 'zset':
      for (const [member, score] of content.of) transaction.zadd(key, score, latin(member));
      break;
    case 'set':
      for (const member of content.of.keys()) transaction.sadd(key, latin(member));
      break;
    case 'list':
      for (const element of content.of) transaction.rpush(key, element);
      break;
  }
  if (expireAtMs !== undefined) transaction.pexpireat(key, expireAtMs);
  for (const [error] of (await transaction.exec()) ?? []) if (error) throw error;
}

/** All that a key holds, as text that is equal for equal content, and when it expires (-1 never, -2 no key). */
export async function contentOnServer(
  peer: Redis,
  key: Buffer,
  type: ElementType,
): Promise<{ content: string; expireAtMs: number }> {
  return { content: await contentText(peer, key, type), expireAtMs: await peer.pexpiretime(key) };
}

async function contentText(peer: Redis, key: Buffer, type: ElementType): Promise<string> {
  switch (type) {
    case 'list':
      return textOf({ type, of: await peer.lrangeBuffer(key, 0, -1) });
    case 'set':
      return textOf({
        type,
        of: new Map((await peer.smembersBuffer(key)).map((name) => [text(name), true])),
      });
    case 'hash': {
      const flat = (await peer.callBuffer('HGETALL', key)) as Buffer[];
      return textOf({ type, of: new Map(pairsOf(flat)) });
    }
    case 'zset': {
      const flat = await peer.zrangeBuffer(key, '0', '-1', 'WITHSCORES');
      return textOf({ type, of: new Map(pairsOf(flat).map(([name, score]) => [name, String(score)])) });
    }
  }
}

/** Content as text that is equal for equal content. */
export function textOf(content: Content): string {
  if (content.type === 'list') return JSON.stringify(content.of.map((bytes) => bytes.toString('base64')));
  const entries = [...content.of].map(([name, value]): [string, string] => [
    name,
    valueText(content.type, value),
  ]);
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function valueText(type: ElementType, value: Buffer | string | true): string {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  return type === 'zset' ? String(Number(String(value).replace('inf', 'Infinity')) + 0) : '';
}

function pairsOf(flat: readonly Buffer[]): [string, Buffer][] {
  const pairs: [string, Buffer][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) pairs.push([text(flat[i]), flat[i + 1] as Buffer]);
  return pairs;
}

function text(bytes: Buffer | undefined): string {
  return (bytes ?? Buffer.alloc(0)).toString('latin1');
}
