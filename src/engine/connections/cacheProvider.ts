import type { EngineError } from '../kernel/errors';
import type { NameBatch } from '../kernel/nameBatch';
import type { ApplyOutcome, Change } from './change';
import type { TtlChange } from './ttlChange';
import type { ElementRef, GroupPage, KeyFacts, ReadRequest, ValuePage } from './valuePage';
import type { KeyDump, LoadOptions, StreamState, ValuePart } from './valuePart';
import type { Capabilities, ServerIdentity } from './capabilities';
import type { ConnectionProfile } from './profile';
import type { ConnectionSecrets } from './stores';
import type { WritePermit } from './writePermit';

/** Limits of one call: it settles within `timeoutMs` plus one second, whatever the server does. */
export interface CallOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** What to scan. `match` is a glob of the server's; bytes, because keys are bytes. */
export interface ScanRequest {
  readonly match?: Buffer;
  /** Redis type name; only keys of this type are returned. */
  readonly type?: string;
  /** Where an earlier scan stopped; a 64-bit number as text, never parsed. */
  readonly cursor?: string;
}

export interface ScanBatch {
  readonly keys: NameBatch;
  /** Where to continue after this batch; undefined when the scan is complete. */
  readonly cursor?: string;
  /** Keys the server has looked at for this batch, matching or not. */
  readonly examined: number;
}

/** What became of one key of a bulk write. */
export type KeyOutcome = 'affected' | 'absent' | 'failed' | 'unknown';

export interface BulkOutcome {
  /** One entry a key, in the order given. */
  readonly outcomes: readonly KeyOutcome[];
  /** The first failure, for the message. */
  readonly error?: EngineError;
}

/** A logical database and how many keys it holds. */
export interface DatabaseInfo {
  readonly db: number;
  readonly keys: number;
}

/** Reading: never changes what a server keeps. A read that counts as an access to the key says so. */
export interface CacheReader {
  readonly capabilities: Capabilities;
  readonly identity: ServerIdentity;
  /** Round trip in milliseconds. */
  ping(call: CallOptions): Promise<number>;
  /** About how many keys there are in the database. */
  countKeys(call: CallOptions): Promise<number>;
  /** Logical databases that hold keys, as far as the server tells; Memcached has one, number 0. */
  databases(call: CallOptions): Promise<readonly DatabaseInfo[]>;
  /** Names of the reports the server gives of itself, the most general first: `INFO`, `stats slabs`. */
  readonly serverReports: readonly string[];
  /** One of `serverReports` as text. May hold arguments of commands, hence values: to be shown, never kept. */
  serverReport(name: string, call: CallOptions): Promise<string>;
  /** Streams batches of keys; ends when complete or when the consumer stops. A key may come twice. */
  scan(request: ScanRequest, call: CallOptions): AsyncIterable<ScanBatch>;
  /** As much as can be told of a key without counting as an access to it; undefined when it does not exist. */
  glance(key: Buffer, call: CallOptions): Promise<KeyFacts | undefined>;
  /** Undefined when the key does not exist. Of a Memcached item, an access. */
  describe(key: Buffer, call: CallOptions): Promise<KeyFacts | undefined>;
  /** Rejects with CONFLICT `wrong-type` when the key is of another type by now. An access where the server counts them. */
  read(key: Buffer, request: ReadRequest, call: CallOptions): Promise<ValuePage>;
  /** Bytes of the largest string or item that the server takes under this key; `flags` are those of a Memcached item. */
  largestValue(key: Buffer, flags: number, call: CallOptions): Promise<number>;
  /** Undefined when the element does not exist. */
  readElement(key: Buffer, element: ElementRef, call: CallOptions): Promise<Buffer | undefined>;
  /** Consumers and pending entries of a group of a stream. Rejects with NOT_SUPPORTED where there are no streams. */
  readGroup(
    key: Buffer,
    group: Buffer,
    request: { readonly cursor?: string; readonly limit: number },
    call: CallOptions,
  ): Promise<GroupPage>;
  /** What a stream knows beside its entries. Rejects with NOT_SUPPORTED where there are no streams. */
  readStreamState(key: Buffer, call: CallOptions): Promise<StreamState>;
  /** Undefined when the key does not exist. Rejects with NOT_SUPPORTED where the server serialises nothing. */
  dump(key: Buffer, call: CallOptions): Promise<KeyDump | undefined>;
}

/** Writing: every method needs a permit, which only the write gate issues. */
export interface CacheWriter {
  apply(change: Change, permit: WritePermit, call: CallOptions): Promise<ApplyOutcome>;
  /**
   * Writes a value of any size piece by piece. It appears under its name whole or not at all: what fails or is
   * cancelled on the way leaves the key as it was. `call` limits each step, not the whole.
   */
  load(
    key: Buffer,
    parts: AsyncIterable<ValuePart>,
    options: LoadOptions,
    permit: WritePermit,
    call: CallOptions,
  ): Promise<ApplyOutcome>;
  /** Whether a change whose reply was lost has happened: undefined when it cannot be told. */
  wasApplied(change: Change, call: CallOptions): Promise<boolean | undefined>;
  remove(keys: readonly Buffer[], permit: WritePermit, call: CallOptions): Promise<BulkOutcome>;
  setTtl(
    keys: readonly Buffer[],
    ttl: TtlChange,
    permit: WritePermit,
    call: CallOptions,
  ): Promise<BulkOutcome>;
}

/** An open session with one server and one logical database. */
export interface CacheProvider extends CacheReader, CacheWriter {
  /** Fires when the link is lost or back; the provider reconnects by itself. */
  onLink(listener: (link: LinkState) => void): { dispose(): unknown };
  close(): Promise<void>;
}

export type LinkState =
  { readonly up: true } | { readonly up: false; readonly cause: EngineError; readonly attempt: number };

/** What a provider needs to open a session. */
export interface OpenRequest {
  readonly profile: ConnectionProfile;
  readonly secrets: ConnectionSecrets;
  readonly db: number;
  /** Asked before each command: a session of a read-only connection refuses all that is not surely a read. */
  readonly isReadOnly: () => boolean;
}

/** Opens sessions; one implementation an engine. Rejects with a distinct `reason` for refused, DNS, TLS, timeout, password. */
export interface CacheProviderFactory {
  open(request: OpenRequest, call: CallOptions): Promise<CacheProvider>;
}
