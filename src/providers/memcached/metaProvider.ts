import type {
  BulkOutcome,
  CacheProvider,
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
import type { Capabilities, ServerIdentity } from '../../engine/connections/capabilities';
import type { LoadOptions, StreamState, ValuePart } from '../../engine/connections/valuePart';
import { requirePermit, type WritePermit } from '../../engine/connections/writePermit';
import { EngineError } from '../../engine/kernel/errors';
import { Lifetime, type Disposable } from '../../engine/kernel/lifetime';
import { whySilent } from './binaryOnly';
import { metaCapabilities } from './capabilities';
import { noDump } from './noDump';
import { noStreams } from './noStreams';
import { itemPage } from './itemPage';
import { itemSizeOf } from './itemLimits';
import { factsOf, glanceAtItem, readItem, type Item } from './items';
import { MemcachedLink } from './memcachedLink';
import { scanServers } from './scanServers';
import { MetaWrites } from './metaWrites';
import { wholeNumber, wordParser } from './replies';
import { largestItemEver } from './replyReader';
import { requireWritable } from './requireWritable';
import { requireReport, statsText } from './statsText';
import { ServerGroup } from './serverGroup';

/** Opens a session over the text and meta protocol (memcached 1.6 and later), with TLS and text authentication. */
export async function openMetaProvider(request: OpenRequest, call: CallOptions): Promise<CacheProvider> {
  const { profile, secrets } = request;
  const [first, ...rest] = profile.endpoints.map(
    (endpoint) => new MemcachedLink({ endpoint, profile, secrets }),
  );
  if (!first) throw new EngineError('VALIDATION_ERROR', 'invalid', 'The connection names no server');
  const servers = new ServerGroup([first, ...rest]);
  try {
    const version = await first.send('version\r\n', versionParser, call);
    const [stats] = await servers.stats(call);
    const settings = await servers.stats(call, 'settings');
    servers.links.forEach((link, i) => {
      link.limitItems(itemSizeOf(settings[i]) ?? largestItemEver);
    });
    const clockOffset = wholeNumber(stats?.get('time') ?? '0') - Date.now() / 1000;
    const identity = {
      product: 'memcached',
      version: version.replace('VERSION ', ''),
      tls: profile.tls.enabled,
    } as const;
    return new MetaProvider(request, servers, identity, metaCapabilities(settings), clockOffset);
  } catch (thrown) {
    await servers.close();
    throw await whySilent(thrown, first.request, call);
  }
}

const versionParser = wordParser(/^VERSION ./);

/** A session with one or several Memcached servers. */
class MetaProvider implements CacheProvider {
  readonly serverReports = ['stats', 'stats slabs', 'stats items', 'stats settings'];
  private readonly writes: MetaWrites;

  constructor(
    private readonly request: OpenRequest,
    private readonly servers: ServerGroup,
    readonly identity: ServerIdentity,
    readonly capabilities: Capabilities,
    /** Seconds by which the server's clock is ahead of ours. */
    private readonly clockOffset: number,
  ) {
    this.writes = new MetaWrites(servers, () => this.serverNow());
  }

  async ping(call: CallOptions): Promise<number> {
    const start = performance.now();
    await Promise.all(this.servers.links.map((link) => link.send('version\r\n', versionParser, call)));
    return performance.now() - start;
  }

  async countKeys(call: CallOptions): Promise<number> {
    const all = await this.servers.stats(call);
    return all.reduce((sum, stats) => sum + wholeNumber(stats.get('curr_items') ?? '0'), 0);
  }

  async databases(call: CallOptions): Promise<readonly DatabaseInfo[]> {
    return [{ db: 0, keys: await this.countKeys(call) }];
  }

  async serverReport(name: string, call: CallOptions): Promise<string> {
    const which = requireReport(this.serverReports, name).slice('stats'.length).trim();
    return statsText(this.request.profile.endpoints, await this.servers.stats(call, which));
  }

  scan(request: ScanRequest, call: CallOptions): AsyncIterable<ScanBatch> {
    const { enumerate } = this.capabilities;
    if (!enumerate.available) throw new EngineError('NOT_SUPPORTED', 'unsupported', enumerate.reason);
    return scanServers(this.servers.links, request, this.serverNow(), call);
  }

  async glance(key: Buffer, call: CallOptions): Promise<KeyFacts | undefined> {
    const holder = await this.servers.holderOf(key, call);
    const item = holder && (await glanceAtItem(holder, key, call));
    return item && factsOf(item);
  }

  async describe(key: Buffer, call: CallOptions): Promise<KeyFacts | undefined> {
    const item = await this.item(key, call);
    return item && factsOf(item);
  }

  async read(key: Buffer, request: ReadRequest, call: CallOptions): Promise<ValuePage> {
    return itemPage((await this.item(key, call))?.data, request);
  }

  largestValue(key: Buffer, flags: number, call: CallOptions): Promise<number> {
    return this.writes.largestValue(key, flags, call);
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

  load(
    key: Buffer,
    parts: AsyncIterable<ValuePart>,
    options: LoadOptions,
    permit: WritePermit,
    call: CallOptions,
  ): Promise<ApplyOutcome> {
    this.requireWrite(permit);
    return this.writes.load(key, parts, options, call);
  }

  apply(change: Change, permit: WritePermit, call: CallOptions): Promise<ApplyOutcome> {
    this.requireWrite(permit);
    return this.writes.apply(change, call);
  }

  wasApplied(change: Change, call: CallOptions): Promise<boolean | undefined> {
    return this.writes.wasApplied(change, call);
  }

  remove(keys: readonly Buffer[], permit: WritePermit, call: CallOptions): Promise<BulkOutcome> {
    this.requireWrite(permit);
    return this.writes.remove(keys, call);
  }

  setTtl(
    keys: readonly Buffer[],
    ttl: TtlChange,
    permit: WritePermit,
    call: CallOptions,
  ): Promise<BulkOutcome> {
    this.requireWrite(permit);
    return this.writes.setTtl(keys, ttl, call);
  }

  onLink(listener: (link: LinkState) => void): Disposable {
    const lifetime = new Lifetime();
    for (const link of this.servers.links) lifetime.own(link.onState(listener));
    return lifetime;
  }

  close(): Promise<void> {
    return this.servers.close();
  }

  private async item(key: Buffer, call: CallOptions): Promise<Item | undefined> {
    const holder = await this.servers.holderOf(key, call);
    return holder && readItem(holder, key, call);
  }

  private requireWrite(permit: WritePermit): void {
    requirePermit(permit, this.request.profile.id);
    requireWritable(this.request);
  }

  private serverNow(): number {
    return Math.round(Date.now() / 1000 + this.clockOffset);
  }
}
