import { EngineError } from '../../engine/kernel/errors';
import type { Cell } from '../../engine/connections/valuePage';
import { cellDigest } from '../../engine/values/cellDigest';
import { parseMoment, type Moment } from '../../engine/kernel/moment';
import type { Reply } from './redisLink';

/** The reply as bytes; a reply of another shape is a bug in us or in the server. */
export function asBuffer(reply: Reply | undefined): Buffer {
  if (Buffer.isBuffer(reply)) return reply;
  if (typeof reply === 'string') return Buffer.from(reply);
  throw unexpected('bytes', reply);
}

/** The reply as bytes, or undefined for nil. */
export function asOptionalBuffer(reply: Reply | undefined): Buffer | undefined {
  return reply === null || reply === undefined ? undefined : asBuffer(reply);
}

/** The reply as text. */
export function asText(reply: Reply | undefined): string {
  return typeof reply === 'number' ? String(reply) : asBuffer(reply).toString('utf8');
}

/** The reply as a number; lengths and times fit in 53 bits. */
export function asNumber(reply: Reply | undefined): number {
  const number = typeof reply === 'number' ? reply : Number(asText(reply));
  if (Number.isFinite(number)) return number;
  throw unexpected('a number', reply);
}

/** The reply as a moment, which may have more than 53 bits; undefined for the negative numbers that stand for none. */
export function asMoment(reply: Reply | undefined): Moment | undefined {
  const text = asText(reply);
  const moment = parseMoment(text);
  if (moment === undefined && !text.startsWith('-')) throw unexpected('a moment', reply);
  return moment;
}

/** The reply as a list. */
export function asList(reply: Reply | undefined): readonly Reply[] {
  if (Array.isArray(reply)) return reply as readonly Reply[];
  throw unexpected('a list', reply);
}

/** Neighbours of a flat list as pairs: fields and values, members and scores. */
export function pairs(list: readonly Reply[]): [Reply, Reply][] {
  const result: [Reply, Reply][] = [];
  for (let i = 0; i + 1 < list.length; i += 2) result.push([list[i] as Reply, list[i + 1] as Reply]);
  return result;
}

/** The reply, unless it is an error, which is thrown. */
export function unwrap(reply: Reply | EngineError | undefined): Reply {
  if (reply instanceof EngineError) throw reply;
  return reply ?? null;
}

/** A cell that shows at most `limit` bytes. */
export function cell(reply: Reply | undefined, limit: number): Cell {
  const bytes = asBuffer(reply);
  const size = bytes.length;
  if (size <= limit) return { bytes, size };
  return { bytes: Buffer.from(bytes.subarray(0, limit)), size, digest: cellDigest(bytes) };
}

function unexpected(wanted: string, reply: Reply | undefined): EngineError {
  const got = Array.isArray(reply) ? 'a list' : reply === null ? 'nil' : typeof reply;
  return new EngineError(
    'INTERNAL_ERROR',
    'server-error',
    `The server answered ${got} where ${wanted} was expected`,
  );
}
