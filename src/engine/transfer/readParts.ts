import type { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { CacheReader, CallOptions } from '../connections/cacheProvider';
import type { KeyFacts, ReadRequest, ValuePage } from '../connections/valuePage';
import type { ValuePart } from '../connections/valuePart';
import { EngineError } from '../kernel/errors';
import { fromOneBefore, lastByPosition, withoutOverlap } from './overlap';
import { partBytes, splitPart } from './splitPart';

/** Rows that a value is tried with before the size of its elements is known. */
const firstRows = 32;
const mostRows = 1000;
/** Fields of all entries of a page of a stream: less than a tenth of what a reply may have, names and values counted. */
const mostFields = 16 * 1024;

/**
 * A value whole, piece by piece, a page in memory at a time. Rejects with CONFLICT when it is gone, of another type
 * or changed in a way that would leave elements out. `now` turns what is left to live into moments.
 */
export async function* readParts(
  reader: CacheReader,
  key: Buffer,
  facts: KeyFacts,
  call: CallOptions,
  now: () => number,
): AsyncIterable<ValuePart> {
  if (facts.type === 'other' || facts.isOpaque) yield* dumpParts(reader, key, call);
  else {
    let rows = 0;
    let total = 0;
    const bytes = createHash('sha256');
    let pages = 0;
    for await (const page of pagesOf(reader, key, facts, call)) {
      const part = partOf(page, facts);
      if (isOrdered(page) && rows > 0 && page.total !== total) throw changedMeanwhile();
      rows += rowsOf(page);
      total = isOrdered(page) ? page.total : total;
      if (page.kind === 'bytes') bytes.update(page.bytes);
      pages++;
      yield* splitPart(part, partBytes);
    }
    if (total !== 0 && rows !== total) throw changedMeanwhile();
    // another string of the same length may have come in between: only a second look tells
    if (facts.type === 'string' && pages > 1)
      await requireSame(reader, key, facts, call, bytes.digest('hex'));
    if (facts.type === 'stream') yield* streamEnd(reader, key, call, now);
  }
}

/** Rejects when a string is not, byte for byte, what the pages before gave. */
async function requireSame(
  reader: CacheReader,
  key: Buffer,
  facts: KeyFacts,
  call: CallOptions,
  digest: string,
): Promise<void> {
  const again = createHash('sha256');
  for await (const page of pagesOf(reader, key, facts, call))
    if (page.kind === 'bytes') again.update(page.bytes);
  if (again.digest('hex') !== digest) throw changedMeanwhile();
}

async function* pagesOf(
  reader: CacheReader,
  key: Buffer,
  { type }: KeyFacts,
  call: CallOptions,
): AsyncIterable<ValuePage> {
  // an item and a JSON text come whole from the server whatever is asked for: one page asks once
  const whole = type === 'item' || type === 'json' ? Infinity : undefined;
  let limit = whole ?? (type === 'string' ? partBytes : firstRows);
  let cursor: string | undefined;
  let last: Buffer | undefined;
  do {
    const request: ReadRequest = {
      type,
      limit,
      cellLimit: Infinity,
      ...(cursor !== undefined && { cursor }),
    };
    // others may add at one end and take from the other: what the last page ended with must be where it was
    const page: ValuePage | undefined =
      last === undefined
        ? await reader.read(key, request, call)
        : withoutOverlap(await reader.read(key, fromOneBefore(request), call), last);
    if (!page) throw changedMeanwhile();
    yield page;
    last = lastByPosition(page);
    if (page.kind !== 'bytes' && page.kind !== 'json') limit = nextRows(page);
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** As many rows as make about one part, and no reply of too many elements. */
function nextRows(page: ValuePage): number {
  const rows = rowsOf(page);
  if (rows === 0) return mostRows;
  const byBytes = (partBytes * rows) / Math.max(1, pageBytesOf(page));
  const byFields = (mostFields * rows) / Math.max(1, fieldsOf(page));
  return Math.min(mostRows, Math.max(1, Math.floor(Math.min(byBytes, byFields))));
}

function fieldsOf(page: ValuePage): number {
  return page.kind === 'stream' ? page.rows.reduce((sum, { fields }) => sum + fields.length, 0) : 0;
}

function rowsOf(page: ValuePage): number {
  if (page.kind === 'bytes') return page.bytes.length;
  return 'rows' in page ? page.rows.length : 0;
}

function pageBytesOf(page: ValuePage): number {
  switch (page.kind) {
    case 'hash':
      return page.rows.reduce((sum, { field, value }) => sum + field.size + value.size, 0);
    case 'list':
      return page.rows.reduce((sum, { value }) => sum + value.size, 0);
    case 'set':
    case 'zset':
      return page.rows.reduce((sum, { member }) => sum + member.size, 0);
    case 'stream':
      return page.rows
        .flatMap(({ fields }) => fields)
        .reduce((sum, { name, value }) => sum + name.size + value.size, 0);
    default:
      return 0;
  }
}

/** Pages that go by position: they miss or repeat elements when the length changes in between. */
function isOrdered(page: ValuePage): page is Extract<ValuePage, { kind: 'bytes' | 'list' | 'zset' }> {
  return page.kind === 'bytes' || page.kind === 'list' || page.kind === 'zset';
}

function partOf(page: ValuePage, facts: KeyFacts): ValuePart {
  switch (page.kind) {
    case 'bytes':
      return facts.type === 'item'
        ? { kind: 'item', bytes: page.bytes, flags: facts.flags ?? 0 }
        : { kind: 'string', bytes: page.bytes };
    case 'json':
      return { kind: 'json', bytes: page.text };
    case 'hash':
      // a copy would live for ever
      if (page.hiddenTtls !== undefined)
        throw new EngineError('UNAUTHORIZED', 'no-permission', page.hiddenTtls);
      return {
        kind: 'hash',
        entries: page.rows.map(({ field, value, expireAtMs }) => ({
          field: field.bytes,
          value: value.bytes,
          ...(expireAtMs !== undefined && { expireAtMs }),
        })),
      };
    case 'list':
      return { kind: 'list', elements: page.rows.map(({ value }) => value.bytes) };
    case 'set':
      return { kind: 'set', elements: page.rows.map(({ member }) => member.bytes) };
    case 'zset':
      return { kind: 'zset', members: page.rows.map(({ member, score }) => [member.bytes, score]) };
    case 'stream':
      return {
        kind: 'stream',
        entries: page.rows.map(({ id, fields }) => ({
          id,
          fields: fields.map(({ name, value }) => [name.bytes, value.bytes] as const),
        })),
      };
    case 'other':
      throw new EngineError('NOT_SUPPORTED', 'unsupported', page.note);
  }
}

async function* dumpParts(reader: CacheReader, key: Buffer, call: CallOptions): AsyncIterable<ValuePart> {
  const dump = await reader.dump(key, call);
  if (!dump) throw new EngineError('CONFLICT', 'gone', 'The key does not exist any more');
  yield* splitPart({ kind: 'dump', bytes: dump.payload }, partBytes);
}

async function* streamEnd(
  reader: CacheReader,
  key: Buffer,
  call: CallOptions,
  now: () => number,
): AsyncIterable<ValuePart> {
  const state = await reader.readStreamState(key, call);
  yield { kind: 'streamState', state };
  for (const { name } of state.groups) {
    let cursor: string | undefined;
    do {
      const request = { limit: mostRows, ...(cursor !== undefined && { cursor }) };
      const page = await reader.readGroup(key, name, request, call);
      const entries = page.pending.map(({ id, consumer, idleMs, deliveries }) => ({
        id,
        consumer,
        deliveredAtMs: now() - idleMs,
        deliveries,
      }));
      if (entries.length > 0) yield { kind: 'pending', group: name, entries };
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}

function changedMeanwhile(): EngineError {
  return new EngineError(
    'CONFLICT',
    'changed',
    'The value changed while it was read, so that parts of it would be missing. Try again when it is at rest',
  );
}
