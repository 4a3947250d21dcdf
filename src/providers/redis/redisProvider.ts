import { randomUUID } from 'node:crypto';
import type {
  BulkOutcome,
  CacheProvider,
  CacheProviderFactory,
  CallOptions,
  DatabaseInfo,
  LinkState,
  OpenRequest,
  ScanBatch,
  ScanRequest,
} from '../../engine/connections/cacheProvider';
import type { ApplyOutcome, Change } from '../../engine/connections/change';
import type { TtlChange } from '../../engine/connections/ttlChange';
import type {
  GroupPage,
  ElementRef,
  KeyFacts,
  ReadRequest,
  ValuePage,
} from '../../engine/connections/valuePage';
import type { KeyDump, LoadOptions, StreamState, ValuePart } from '../../engine/connections/valuePart';
import type { Capabilities, ServerIdentity } from '../../engine/connections/capabilities';
import { requirePermit, type WritePermit } from '../../engine/connections/writePermit';
import { EngineError } from '../../engine/kernel/errors';
import type { Disposable } from '../../engine/kernel/lifetime';
import { applyChange } from './applyChange';
import { removeKeys, setTtlOfKeys } from './bulk';
import { describeKey } from './describe';
import { dumpKey } from './dumpKey';
import { loadValue } from './loadValue';
import { parseKeyspace, probeServer, type Probe } from './probe';
import { RedisLink } from './redisLink';
import { asNumber, asText } from './replies';
import { scanKeys } from './scan';
import { readStreamState } from './streamState';
import { serverReport } from './serverReport';
import { readerOf } from './types/readers';
import { type GroupRequest, readGroup } from './types/streamGroup';
import { wasApplied } from './wasApplied';

/** Opens sessions with Redis and Valkey servers. */
export const redisFactory: CacheProviderFactory = {
  async open(request: OpenRequest, call: CallOptions): Promise<CacheProvider> {
    const reader = new RedisLink(request, 'browse');
    try {
      const probe = await probeServer(reader, request.profile.tls.enabled, call);
      reader.useCommandTable(probe.table);
      return new RedisProvider(request, reader, probe);
    } catch (thrown) {
      await reader.close();
      throw thrown;
    }
  },
};

/** A session with one Redis database: one socket for reads, and one for writes that opens with the first write. */
class RedisProvider implements CacheProvider {
  readonly capabilities: Capabilities;
  readonly identity: ServerIdentity;
  private readonly writer: RedisLink;
  private readonly connectionId: string;

  constructor(
    request: OpenRequest,
    private readonly reader: RedisLink,
    probe: Probe,
  ) {
    this.connectionId = request.profile.id;
    this.writer = new RedisLink(request, 'write');
    this.writer.useCommandTable(probe.table);
    this.capabilities = probe.capabilities;
    this.identity = probe.identity;
  }

  async ping(call: CallOptions): Promise<number> {
    const start = performance.now();
    try {
      await this.reader.send(['PING'], call);
    } catch (thrown) {
      // a user without the right to PING has still been answered
      if (!(thrown instanceof EngineError) || thrown.reason !== 'no-permission') throw thrown;
    }
    return performance.now() - start;
  }

  async countKeys(call: CallOptions): Promise<number> {
    return asNumber(await this.reader.send(['DBSIZE'], call));
  }

  async databases(call: CallOptions): Promise<readonly DatabaseInfo[]> {
    return parseKeyspace(asText(await this.reader.send(['INFO', 'keyspace'], call)));
  }

  get serverReports(): readonly string[] {
    const { serverInfo, slowLog } = this.capabilities;
    return [...(serverInfo.available ? ['INFO'] : []), ...(slowLog.available ? ['SLOWLOG'] : [])];
  }

  serverReport(name: string, call: CallOptions): Promise<string> {
    return serverReport(this.reader, name, call);
  }

  scan(request: ScanRequest, call: CallOptions): AsyncIterable<ScanBatch> {
    return scanKeys(this.reader, request, call);
  }

  /** Reads count as an access only where `CLIENT NO-TOUCH` is refused or unknown (before Redis 7.2). */
  glance(key: Buffer, call: CallOptions): Promise<KeyFacts | undefined> {
    return this.describe(key, call);
  }

  describe(key: Buffer, call: CallOptions): Promise<KeyFacts | undefined> {
    return describeKey(this.reader, key, call);
  }

  /** What Redis takes as one string unless told otherwise (`proto-max-bulk-len`). */
  largestValue(): Promise<number> {
    return Promise.resolve(512 * 1024 * 1024);
  }

  read(key: Buffer, request: ReadRequest, call: CallOptions): Promise<ValuePage> {
    return readerOf(request.type).readPage(this.reader, key, request, call);
  }

  readElement(key: Buffer, element: ElementRef, call: CallOptions): Promise<Buffer | undefined> {
    const reader = readerOf(element.kind);
    if (reader.readElement) return reader.readElement(this.reader, key, element, call);
    throw new EngineError(
      'NOT_SUPPORTED',
      'unsupported',
      `Elements of a ${element.kind} cannot be read alone`,
    );
  }

  readGroup(key: Buffer, group: Buffer, request: GroupRequest, call: CallOptions): Promise<GroupPage> {
    return readGroup(this.reader, key, group, request, call);
  }

  readStreamState(key: Buffer, call: CallOptions): Promise<StreamState> {
    return readStreamState(this.reader, key, call);
  }

  dump(key: Buffer, call: CallOptions): Promise<KeyDump | undefined> {
    return dumpKey(this.reader, key, call);
  }

  apply(change: Change, permit: WritePermit, call: CallOptions): Promise<ApplyOutcome> {
    requirePermit(permit, this.connectionId);
    return applyChange(this.writer, change, call);
  }

  load(
    key: Buffer,
    parts: AsyncIterable<ValuePart>,
    options: LoadOptions,
    permit: WritePermit,
    call: CallOptions,
  ): Promise<ApplyOutcome> {
    requirePermit(permit, this.connectionId);
    // by a command of the same version, where the server tells; an older one that does not refuses them, and loses nothing
    const hasStreamCounters =
      this.writer.knows('pexpiretime') ?? !(Number.parseInt(this.identity.version, 10) < 7);
    const target = { hasStreamCounters, keeper: `cachify-load-${randomUUID()}` };
    return loadValue(this.writer, key, parts, options, target, call);
  }

  wasApplied(change: Change, call: CallOptions): Promise<boolean | undefined> {
    return wasApplied(this.reader, change, call);
  }

  remove(keys: readonly Buffer[], permit: WritePermit, call: CallOptions): Promise<BulkOutcome> {
    requirePermit(permit, this.connectionId);
    return removeKeys(this.writer, keys, call);
  }

  setTtl(
    keys: readonly Buffer[],
    ttl: TtlChange,
    permit: WritePermit,
    call: CallOptions,
  ): Promise<BulkOutcome> {
    requirePermit(permit, this.connectionId);
    return setTtlOfKeys(this.writer, keys, ttl, call);
  }

  onLink(listener: (link: LinkState) => void): Disposable {
    return this.reader.onState(listener);
  }

  async close(): Promise<void> {
    await Promise.all([this.reader.close(), this.writer.close()]);
  }
}
