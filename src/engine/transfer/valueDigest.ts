import { Buffer } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';
import type { ValuePart } from '../connections/valuePart';

/**
 * A digest that is equal for equal values, however they are cut into parts and whatever order a server gives the
 * elements of a hash or set. The time to live of the key and what a stream's groups have not acknowledged are left out.
 */
export async function valueDigest(
  parts: AsyncIterable<ValuePart>,
  onPart?: (part: ValuePart) => void,
): Promise<string> {
  const inOrder = createHash('sha256');
  const unordered = Buffer.alloc(32);
  let flags = 0;
  for await (const part of parts) {
    onPart?.(part);
    if (part.kind === 'item') flags = part.flags;
    for (const element of orderedOf(part)) addTo(inOrder, element);
    for (const element of unorderedOf(part)) mix(unordered, element);
    if ('bytes' in part) inOrder.update(part.bytes);
  }
  return `${inOrder.digest('hex')}:${unordered.toString('hex')}:${flags}`;
}

function orderedOf(part: ValuePart): Iterable<readonly Buffer[]> {
  switch (part.kind) {
    case 'list':
      return part.elements.map((element) => [element]);
    case 'zset':
      return part.members.map(([member, score]) => [member, Buffer.from(String(scoreOf(score)))]);
    case 'stream':
      return part.entries.map(({ id, fields }) => [Buffer.from(id), ...fields.flat()]);
    case 'streamState':
      return part.state.groups.map(({ name, lastId }) => [name, Buffer.from(lastId)]);
    default:
      return [];
  }
}

function unorderedOf(part: ValuePart): Iterable<readonly Buffer[]> {
  if (part.kind === 'hash')
    return part.entries.map(({ field, value, expireAtMs }) => [
      field,
      value,
      ...(expireAtMs === undefined ? [] : [Buffer.from(String(expireAtMs))]),
    ]);
  return part.kind === 'set' ? part.elements.map((element) => [element]) : [];
}

/** Servers write the same double in more than one way. */
function scoreOf(score: string): number {
  const magnitude = /inf/i.test(score) ? Infinity : Number(score);
  return score.startsWith('-') && magnitude === Infinity ? -Infinity : magnitude;
}

/** Lengths stand before the bytes, so that no two lists of bytes read alike. */
function addTo(hash: Hash, fields: readonly Buffer[]): void {
  hash.update(`${fields.length}:${fields.map(({ length }) => length).join(',')};`);
  for (const field of fields) hash.update(field);
}

function mix(digest: Buffer, fields: readonly Buffer[]): void {
  const hash = createHash('sha256');
  addTo(hash, fields);
  const own = hash.digest();
  for (let i = 0; i < digest.length; i++) digest[i] = (digest[i] ?? 0) ^ (own[i] ?? 0);
}
