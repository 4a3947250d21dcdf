import type { CallOptions, CacheReader } from '../connections/cacheProvider';
import type { KeyFacts, ReadRequest, ValuePage } from '../connections/valuePage';
import type { Capabilities } from '../connections/capabilities';
import { EngineError } from '../kernel/errors';

/** Rows of a page of a collection. */
export const pageRows = 200;
/** Bytes of a page of a string or item. */
export const pageBytes = 64 * 1024;
/** Largest string or item that is read whole, so that it can be edited. */
export const editableBytes = 1024 * 1024;
/** Longest part of one cell in a page. */
export const cellBytes = 1024;

/** A value as far as its first page. `facts` undefined: the key does not exist. */
export interface OpenedValue {
  readonly facts?: KeyFacts;
  readonly page?: ValuePage;
  /** Why it cannot be edited, as a sentence; undefined when it can. */
  readonly readOnlyReason?: string;
  /** A hash whose fields can have a time to live of their own. */
  readonly fieldTtl?: boolean;
}

/** Where and in which order a value is read. */
export interface ReadOrder {
  /** Continues after a page. */
  readonly cursor?: string;
  /** Sorted sets and streams: from the last to the first. */
  readonly descending?: boolean;
}

/** Reads what a key is and the first page of its value. A key that changes type in between is read again, once. */
export async function openValue(
  reader: CacheReader,
  key: Buffer,
  call: CallOptions,
  order: ReadOrder = {},
): Promise<OpenedValue> {
  try {
    return await factsAndPage(reader, key, call, order);
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || thrown.code !== 'CONFLICT') throw thrown;
    return factsAndPage(reader, key, call, order);
  }
}

async function factsAndPage(
  reader: CacheReader,
  key: Buffer,
  call: CallOptions,
  order: ReadOrder,
): Promise<OpenedValue> {
  const described = await reader.describe(key, call);
  if (!described) return {};
  const page = await reader.read(key, readRequest(described, order), call);
  const facts = counted(described, page, order);
  const reason = readOnlyReason(facts, page, reader.capabilities);
  const fieldTtl = facts.type === 'hash' && reader.capabilities.fieldTtl.available;
  return {
    facts,
    page,
    ...(reason !== undefined && { readOnlyReason: reason }),
    ...(fieldTtl && { fieldTtl }),
  };
}

/** A server counts fields of a hash that have expired and were not removed yet: a page that shows all knows better. */
function counted(facts: KeyFacts, page: ValuePage, { cursor }: ReadOrder): KeyFacts {
  const isAll = page.kind === 'hash' && cursor === undefined && page.cursor === undefined;
  return isAll ? { ...facts, length: page.total } : facts;
}

/** How a page of this value is read; `cursor` continues one. A string that can be edited comes whole. */
export function readRequest(facts: KeyFacts, { cursor, descending }: ReadOrder): ReadRequest {
  const whole = facts.length !== undefined && facts.length <= editableBytes;
  const isBytes = facts.type === 'string' || facts.type === 'item';
  // the server gives JSON whole, whatever is asked for
  const limit = (isBytes && whole) || facts.type === 'json' ? editableBytes : isBytes ? pageBytes : pageRows;
  return {
    type: facts.type,
    limit,
    cellLimit: cellBytes,
    ...(cursor !== undefined && { cursor }),
    ...(descending && { descending }),
  };
}

function readOnlyReason(
  facts: KeyFacts,
  page: ValuePage,
  { compareAndSet }: Capabilities,
): string | undefined {
  if (facts.type === 'other') return `Values of type ${facts.typeName} cannot be edited here`;
  if (!compareAndSet.available) return compareAndSet.reason;
  // by the page, not the facts: the value may have grown in between, and what is not whole must not be saved
  const isPart =
    page.kind === 'bytes' ? page.bytes.length < page.total : page.kind === 'json' && page.truncated;
  if (isPart) return 'Values above 1 MiB can be read here, but not edited';
  return undefined;
}
