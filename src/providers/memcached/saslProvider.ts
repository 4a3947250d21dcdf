import type {
  BulkOutcome,
  CacheProvider,
  CallOptions,
  DatabaseInfo,
  KeyOutcome,
  LinkState,
  OpenRequest,
  ScanBatch,
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
import type { ServerIdentity } from '../../engine/connections/capabilities';
import type { LoadOptions, StreamState, ValuePart } from '../../engine/connections/valuePart';
import { requirePermit, type WritePermit } from '../../engine/connections/writePermit';
import { EngineError, isLostReply, toEngineError } from '../../engine/kernel/errors';
import { Emitter } from '../../engine/kernel/events';
import type { Disposable } from '../../engine/kernel/lifetime';
import { saslCapabilities } from './capabilities';
import { noDump } from './noDump';
import { noStreams } from './noStreams';
import { itemPage } from './itemPage';
import { conflict } from './items';
import { expiration } from './metaCommands';
import { wholeNumber } from './replies';
import { joinItem, largestItem, largestValue } from './joinItem';
import { requireWritable } from './requireWritable';
import { requireReport, statsText } from './statsText';
import { SaslClient } from './saslClient';

/** Opens a session over SASL. TLS is refused: memjs has none, and a password must not travel in plaintext behind a TLS switch. */
export async function openSaslProvider(request: OpenRequest, call: CallOptions): Promise<CacheProvider> {
  if (request.profile.tls.enabled) {
    throw new EngineError(
      'VALIDATION_ERROR',
      'invalid',
      'SASL together with TLS is not available: nothing was sent',
    );
  }
  const clients = request.profile.endpoints.map((endpoint) => {
    if (endpoint.kind === 'tcp') return new SaslClient(request, endpoint);
    throw new EngineError('VALIDATION_ERROR', 'invalid', 'SASL over a Unix socket is not available');
  });
  try {
    const [stats] = await Promise.all(clients.map((client) => client.stats(call)));
    const version = stats?.get('version') ?? 'unknown';
    const clockOffset = wholeNumber(stats?.get('time') ?? '0') - Date.now() / 1000;
    return new SaslProvider(request, clients, { product: 'memcached', version, tls: false }, clockOffset);
  } catch (thrown) {
    for (const client of clients) client.close();
    throw thrown;
  }
}

/** A session over the binary protocol: reads, new keys, times to live and deletes; neither a list of keys nor edits. */
class SaslProvider implements CacheProvider {
  readonly capabilities = saslCapabilities;
  readonly serverReports = ['stats'];
  private readonly links = new Emitter<LinkState>();
  private failures = 0;

  constructor(
    private readonly request: OpenRequest,
    private readonly clients: readonly SaslClient[],
    readonly identity: ServerIdentity,
    private readonly clockOffset: number,
  ) {}

  async ping(call: CallOptions): Promise<number> {
    const start = performance.now();
    await this.watched(Promise.all(this.clients.map((client) => client.stats(call))));
    return performance.now() - start;
  }

  async countKeys(call: CallOptions): Promise<number> {
    const all = await this.watched(Promise.all(this.clients.map((client) => client.stats(call))));
    return all.reduce((sum, stats) => sum + wholeNumber(stats.get('curr_items') ?? '0'), 0);
  }

  async serverReport(name: string, call: CallOptions): Promise<string> {
    requireReport(this.serverReports, name);
    const all = await this.watched(Promise.all(this.clients.map((client) => client.stats(call))));
    return statsText(this.request.profile.endpoints, all);
  }

  async databases(call: CallOptions): Promise<readonly DatabaseInfo[]> {
    return [{ db: 0, keys: await this.countKeys(call) }];
  }

  scan(): AsyncIterable<ScanBatch> {
    const { enumerate } = this.capabilities;
    throw new EngineError('NOT_SUPPORTED', 'unsupported', enumerate.available ? '' : enumerate.reason);
  }

  /** The binary protocol has no way to look at an item that does not count as an access: nothing is asked. */
  glance(): Promise<KeyFacts> {
    return Promise.resolve({ type: 'item', typeName: 'item' });
  }

  async describe(key: Buffer, call: CallOptions): Promise<KeyFacts | undefined> {
    const found = await this.find(key, call);
    return (
      found && { type: 'item', typeName: 'item', length: found.item.bytes.length, flags: found.item.flags }
    );
  }

  async read(key: Buffer, request: ReadRequest, call: CallOptions): Promise<ValuePage> {
    return itemPage((await this.find(key, call))?.item.bytes, request);
  }

  /** By the size that servers have unless told otherwise: the binary protocol tells no settings. */
  largestValue(key: Buffer, flags: number): Promise<number> {
    return Promise.resolve(largestValue({ itemSize: largestItem, hasCas: true }, key, flags));
  }

  readElement(_key: Buffer, element: ElementRef): Promise<never> {
    return Promise.reject(
      new EngineError('NOT_SUPPORTED', 'unsupported', `Memcached has no ${element.kind} values`),
    );
  }

  readGroup(): Promise<GroupPage> {
    return noStreams();
  }

  readStreamState(): Promise<StreamState> {
    return noStreams();
  }

  dump(): Promise<never> {
    return noDump();
  }

  /** Over SASL a new item only: what is there could not be replaced without losing what it cannot tell. */
  async load(
    key: Buffer,
    parts: AsyncIterable<ValuePart>,
    { ttl, replace }: LoadOptions,
    permit: WritePermit,
    call: CallOptions,
  ): Promise<ApplyOutcome> {
    const { compareAndSet } = this.capabilities;
    if (replace && !compareAndSet.available)
      throw new EngineError('NOT_SUPPORTED', 'unsupported', compareAndSet.reason);
    const value = { type: 'item', ...(await joinItem(parts, largestItem)) } as const;
    return this.apply({ kind: 'create', key, value, ttl }, permit, call);
  }

  async apply(change: Change, permit: WritePermit, call: CallOptions): Promise<ApplyOutcome> {
    this.requireWrite(permit);
    try {
      return await this.send(change, call);
    } catch (thrown) {
      const error = toEngineError(thrown);
      if (isLostReply(error)) return { status: 'unknown', cause: error };
      throw error;
    }
  }

  async wasApplied(change: Change, call: CallOptions): Promise<boolean | undefined> {
    if (change.kind !== 'create') return undefined;
    return (await this.find(change.key, call)) ? undefined : false;
  }

  remove(keys: readonly Buffer[], permit: WritePermit, call: CallOptions): Promise<BulkOutcome> {
    this.requireWrite(permit);
    return this.each(keys, (client, key) => client.delete(key, call));
  }

  setTtl(
    keys: readonly Buffer[],
    ttl: TtlChange,
    permit: WritePermit,
    call: CallOptions,
  ): Promise<BulkOutcome> {
    this.requireWrite(permit);
    return this.each(keys, (client, key) => client.touch(key, this.expirationOf(ttl), call));
  }

  onLink(listener: (link: LinkState) => void): Disposable {
    return this.links.event(listener);
  }

  close(): Promise<void> {
    for (const client of this.clients) client.close();
    return Promise.resolve();
  }

  private async send(change: Change, call: CallOptions): Promise<ApplyOutcome> {
    if (change.kind === 'create' && change.value.type === 'item') {
      if (await this.find(change.key, call)) return conflict({ reason: 'exists' });
      const { bytes, flags } = change.value;
      const added = await this.home(change.key).add(
        change.key,
        { bytes, flags },
        this.expirationOf(change.ttl),
        call,
      );
      return added ? { status: 'applied' } : conflict({ reason: 'exists' });
    }
    if (change.kind === 'ttl') {
      const found = await this.find(change.key, call);
      if (found && change.ttl.mode === 'keep') return { status: 'applied' };
      const touched = found && (await found.client.touch(change.key, this.expirationOf(change.ttl), call));
      return touched ? { status: 'applied' } : conflict({ reason: 'gone' });
    }
    const { compareAndSet } = this.capabilities;
    throw new EngineError(
      'NOT_SUPPORTED',
      'unsupported',
      compareAndSet.available ? 'Memcached cannot do this' : compareAndSet.reason,
    );
  }

  private async find(key: Buffer, call: CallOptions) {
    const items = await this.watched(Promise.all(this.clients.map((client) => client.get(key, call))));
    const at = items.findIndex((item) => item !== undefined);
    const [client, item] = [this.clients[at], items[at]];
    return client && item && { client, item };
  }

  private home(key: Buffer): SaslClient {
    const sum = key.reduce((total, byte) => (total * 31 + byte) >>> 0, 0);
    return this.clients[sum % this.clients.length] as SaslClient;
  }

  private async each(
    keys: readonly Buffer[],
    act: (client: SaslClient, key: Buffer) => Promise<boolean>,
  ): Promise<BulkOutcome> {
    let error: EngineError | undefined;
    const outcome = async (key: Buffer): Promise<KeyOutcome> => {
      try {
        const done = await Promise.all(this.clients.map((client) => act(client, key)));
        return done.includes(true) ? 'affected' : 'absent';
      } catch (thrown) {
        error ??= toEngineError(thrown);
        return isLostReply(toEngineError(thrown)) ? 'unknown' : 'failed';
      }
    };
    const outcomes = await Promise.all(keys.map(outcome));
    return { outcomes, ...(error && { error }) };
  }

  private expirationOf(ttl: TtlChange): number {
    const serverNow = Math.round(Date.now() / 1000 + this.clockOffset);
    return ttl.mode === 'set' ? expiration(Number(ttl.expireAtMs), Date.now(), serverNow) : 0;
  }

  /** Learns from the end of a read whether the servers can be reached. */
  private async watched<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      if (this.failures > 0) this.links.fire({ up: true });
      this.failures = 0;
      return result;
    } catch (thrown) {
      const cause = toEngineError(thrown);
      if (isLostReply(cause) || cause.reason === 'refused')
        this.links.fire({ up: false, cause, attempt: ++this.failures });
      throw cause;
    }
  }

  private requireWrite(permit: WritePermit): void {
    requirePermit(permit, this.request.profile.id);
    requireWritable(this.request);
  }
}
