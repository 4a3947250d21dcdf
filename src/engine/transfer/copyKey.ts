import type { Buffer } from 'node:buffer';
import type { CacheReader, CallOptions } from '../connections/cacheProvider';
import type { ApplyOutcome } from '../connections/change';
import type { TtlChange } from '../connections/ttlChange';
import type { Connection } from '../connections/connection';
import type { KeyFacts } from '../connections/valuePage';
import { EngineError, invalid } from '../kernel/errors';
import type { Moment } from '../kernel/moment';
import type { Clock } from '../kernel/ports';
import { batchCall } from '../keys/changeKey';
import { expiryOf } from '../keys/expiryOf';
import type { WriteGate, WriteRequest, WriteSession } from '../keys/guard';
import { outcomeEnding } from './outcomeEnding';
import { readParts } from './readParts';
import { requireWhole } from './requireWhole';

/** A key to be copied to another place, of the same engine. */
export interface CopyJob {
  readonly gate: WriteGate;
  /** Names the connection and database that is copied to. */
  readonly request: WriteRequest;
  readonly from: { readonly connection: Connection; readonly db: number; readonly key: Buffer };
  readonly to: { readonly connection: Connection; readonly key: Buffer };
  readonly replace: boolean;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/** Values above this go piece by piece: a serialised copy is held whole, and restored in one command. */
const largestDump = { bytes: 4 * 1024 * 1024, elements: 20_000 };

/**
 * Copies a key with its time to live. Between databases of one server the server copies; from one Redis to
 * another it is serialised and restored; where the versions do not fit, and on Memcached, it is read and written anew. Rejects with CONFLICT `gone` when there is nothing to copy.
 */
export function copyKey(job: CopyJob): Promise<ApplyOutcome> {
  const { engine } = job.from.connection.profile;
  if (engine !== job.to.connection.profile.engine)
    return Promise.reject(invalid('A key can be copied between connections of one engine only'));
  if (isSamePlace(job))
    return Promise.reject(invalid('A key cannot be copied to itself: choose another name or place'));
  return job.gate.run(
    job.request,
    (session) => job.from.connection.watched(() => copied(job, session)),
    outcomeEnding,
  );
}

function isSamePlace({ from, to, request }: CopyJob): boolean {
  return from.connection === to.connection && from.db === request.db && from.key.equals(to.key);
}

async function copied(job: CopyJob, session: WriteSession): Promise<ApplyOutcome> {
  const { connection, db, key } = job.from;
  const reader = await connection.provider(db, job.signal);
  requireWhole(reader);
  const call = batchCall(connection.call(job.signal));
  const facts = await reader.describe(key, call);
  if (!facts) throw gone();
  if (canCopyWithin(job, reader)) {
    const outcome = await unlessUnsupported(() => copiedWithin(job, session, call));
    if (outcome) return outcome;
  }
  if (!isDumped(facts)) return streamed(job, session, reader, facts, call);
  const serialised = (): Promise<ApplyOutcome> => dumped(job, session, reader, call);
  if (facts.type === 'other' || facts.isOpaque) return serialised();
  return (await unlessUnsupported(serialised)) ?? streamed(job, session, reader, facts, call);
}

/** Undefined where a server cannot do this for the key: another version, or a module that does not let it. Nothing was written then. */
async function unlessUnsupported(work: () => Promise<ApplyOutcome>): Promise<ApplyOutcome | undefined> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.code === 'NOT_SUPPORTED') return undefined;
    throw thrown;
  }
}

/** Whether the server itself can copy: the two places are databases of one connection. */
function canCopyWithin({ from, to }: CopyJob, { capabilities }: CacheReader): boolean {
  return from.connection === to.connection && capabilities.duplicate.available;
}

async function copiedWithin(
  { from, to, request, replace, signal }: CopyJob,
  { permit }: WriteSession,
  call: CallOptions,
): Promise<ApplyOutcome> {
  const source = await from.connection.provider(from.db, signal);
  const toDb = request.db === from.db ? {} : { toDb: request.db };
  return source.apply({ kind: 'duplicate', key: from.key, to: to.key, replace, ...toDb }, permit, call);
}

/** A type of a module can only be serialised; an item cannot be. */
function isDumped({ type, isOpaque, length }: KeyFacts): boolean {
  if (isOpaque) return true;
  if (type === 'item') return false;
  if (type === 'other' || length === undefined) return true;
  return length <= (type === 'string' ? largestDump.bytes : largestDump.elements);
}

async function dumped(
  { from, to, replace, signal }: CopyJob,
  { provider, permit, connection }: WriteSession,
  reader: CacheReader,
  call: CallOptions,
): Promise<ApplyOutcome> {
  const dump = await reader.dump(from.key, call);
  if (!dump) throw gone();
  const ttl = ttlOf(dump.expireAtMs);
  const change = { kind: 'restore', key: to.key, payload: dump.payload, ttl, replace } as const;
  return provider.apply(change, permit, batchCall(connection.call(signal)));
}

function streamed(
  { from, to, replace, clock, signal }: CopyJob,
  { provider, permit, connection }: WriteSession,
  reader: CacheReader,
  facts: KeyFacts,
  call: CallOptions,
): Promise<ApplyOutcome> {
  const ttl = ttlOf(expiryOf(facts, clock.now()));
  const parts = readParts(reader, from.key, facts, call, () => clock.now());
  return provider.load(to.key, parts, { ttl, replace }, permit, batchCall(connection.call(signal)));
}

function ttlOf(expireAtMs: Moment | undefined): TtlChange {
  return expireAtMs === undefined ? { mode: 'remove' } : { mode: 'set', expireAtMs };
}

function gone(): EngineError {
  return new EngineError('CONFLICT', 'gone', 'The key does not exist any more. Nothing was copied');
}
