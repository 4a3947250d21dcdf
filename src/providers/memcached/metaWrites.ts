import type { BulkOutcome, CallOptions, KeyOutcome } from '../../engine/connections/cacheProvider';
import type { ApplyOutcome, Change, NewValue } from '../../engine/connections/change';
import type { TtlChange } from '../../engine/connections/ttlChange';
import type { LoadOptions, ValuePart } from '../../engine/connections/valuePart';
import { EngineError, isLostReply, toEngineError } from '../../engine/kernel/errors';
import { ItemLimits } from './itemLimits';
import { conflict, glanceAtItem, keptExpiration, readItem, setItem, type Item } from './items';
import { largestValue, requireFit } from './joinItem';
import { loadItem } from './loadItem';
import type { MemcachedLink } from './memcachedLink';
import {
  expiration,
  isPlain,
  keepExpiration,
  metaDelete,
  metaGet,
  metaSet,
  requirePlainKey,
  touch,
} from './metaCommands';
import { metaParser, wordParser } from './replies';
import type { ServerGroup } from './serverGroup';

const touchParser = wordParser(/^(TOUCHED|NOT_FOUND)$/);

/** Writes of the meta protocol. `serverNow` is the server's clock in seconds, which long times to live are told by. */
export class MetaWrites {
  private readonly limits = new ItemLimits();

  constructor(
    private readonly servers: ServerGroup,
    private readonly serverNow: () => number,
  ) {}

  /** A lost reply is `unknown`; an error reply of the server rejects. */
  async apply(change: Change, call: CallOptions): Promise<ApplyOutcome> {
    const link = await this.linkFor(change, call);
    if (!link) return conflict({ reason: 'gone' });
    await link.open(call);
    try {
      return await this.send(link, change, call);
    } catch (thrown) {
      const error = toEngineError(thrown);
      if (isLostReply(error)) return { status: 'unknown', cause: error };
      throw error;
    }
  }

  /** Writes a whole item, see `loadItem`. Any name that was read may be written: it need not be one that a person would choose. */
  async load(
    key: Buffer,
    parts: AsyncIterable<ValuePart>,
    options: LoadOptions,
    call: CallOptions,
  ): Promise<ApplyOutcome> {
    const link = (await this.servers.holderOf(key, call)) ?? this.servers.homeOf(key);
    const limit = await this.limits.of(link, call);
    const expirationOf = (item: Item | undefined): number => this.loadExpiration(options.ttl, item);
    const keptOf = keptExpiration(this.serverNow());
    return loadItem(link, { key, parts, options, limit, expirationOf, keptOf }, call);
  }

  /** Bytes of the largest value that the server of this key takes beside it. */
  async largestValue(key: Buffer, flags: number, call: CallOptions): Promise<number> {
    const link = (await this.servers.holderOf(key, call)) ?? this.servers.homeOf(key);
    return largestValue(await this.limits.of(link, call), key, flags);
  }

  /** Whether a change whose reply was lost has happened. */
  async wasApplied(change: Change, call: CallOptions): Promise<boolean | undefined> {
    const link = await this.servers.holderOf(change.key, call);
    const item = link && (await readItem(link, change.key, call));
    if (change.kind === 'create') return item ? undefined : false;
    if (change.kind !== 'item.set' || !item) return undefined;
    if (item.cas === change.cas) return false;
    return item.data.equals(change.after) && item.flags === change.flags ? true : undefined;
  }

  /** Deletes keys, pipelined a server. */
  async remove(keys: readonly Buffer[], call: CallOptions): Promise<BulkOutcome> {
    const send = async (link: MemcachedLink, key: Buffer): Promise<boolean> =>
      (await link.send(metaDelete(key), metaParser, call)).code === 'HD';
    return this.each(keys, send, call);
  }

  /** Touches keys, pipelined a server. */
  async setTtl(keys: readonly Buffer[], ttl: TtlChange, call: CallOptions): Promise<BulkOutcome> {
    return this.each(keys, (link, key) => this.touched(link, key, ttl, call), call);
  }

  private linkFor(change: Change, call: CallOptions): Promise<MemcachedLink | undefined> {
    if (change.kind !== 'create') return this.servers.holderOf(change.key, call);
    requirePlainKey(change.key);
    return this.servers
      .holderOf(change.key, call)
      .then((holder) => holder ?? this.servers.homeOf(change.key));
  }

  private async send(link: MemcachedLink, change: Change, call: CallOptions): Promise<ApplyOutcome> {
    switch (change.kind) {
      case 'item.set': {
        const { ttl, after: bytes, flags } = change;
        requireFit(change.key, { bytes, flags }, await this.limits.of(link, call));
        const kept = keptExpiration(this.serverNow());
        const given = ttl.mode === 'keep' ? kept : () => this.expirationOf(ttl);
        return setItem(link, change, given, kept, call);
      }
      case 'create':
        return this.create(link, change.key, change.value, change.ttl, call);
      case 'ttl':
        return this.touch(link, change.key, change.ttl, call);
      default:
        throw new EngineError(
          'NOT_SUPPORTED',
          'unsupported',
          'Memcached cannot do this: it knows items only, and no way to rename them',
        );
    }
  }

  private async create(
    link: MemcachedLink,
    key: Buffer,
    value: NewValue,
    ttl: TtlChange,
    call: CallOptions,
  ): Promise<ApplyOutcome> {
    if (value.type !== 'item')
      throw new EngineError('NOT_SUPPORTED', 'unsupported', 'Memcached knows items only');
    requireFit(key, value, await this.limits.of(link, call));
    // asked first: a server without room drops what is there even for `ME`
    if (await glanceAtItem(link, key, call)) return conflict({ reason: 'exists' });
    const flags = `ME F${value.flags} T${this.expirationOf(ttl)}`;
    const reply = await link.send(metaSet(key, value.bytes, flags), metaParser, call);
    return reply.code === 'HD' ? { status: 'applied' } : conflict({ reason: 'exists' });
  }

  private async touch(
    link: MemcachedLink,
    key: Buffer,
    ttl: TtlChange,
    call: CallOptions,
  ): Promise<ApplyOutcome> {
    return (await this.touched(link, key, ttl, call)) ? { status: 'applied' } : conflict({ reason: 'gone' });
  }

  /** Sets the time to live; false when the item does not exist. `touch` leaves the token of a stale item to others. */
  private async touched(
    link: MemcachedLink,
    key: Buffer,
    ttl: TtlChange,
    call: CallOptions,
  ): Promise<boolean> {
    if (ttl.mode === 'keep') return (await glanceAtItem(link, key, call)) !== undefined;
    const expirationTime = this.expirationOf(ttl);
    if (isPlain(key)) return (await link.send(touch(key, expirationTime), touchParser, call)) === 'TOUCHED';
    return (await link.send(metaGet(key, `T${expirationTime}`), metaParser, call)).code === 'HD';
  }

  private loadExpiration(ttl: TtlChange, replaced: Item | undefined): number {
    if (ttl.mode !== 'keep' || !replaced) return this.expirationOf(ttl);
    return keepExpiration(replaced.ttl, this.serverNow());
  }

  private expirationOf(ttl: TtlChange): number {
    return ttl.mode === 'set' ? expiration(Number(ttl.expireAtMs), Date.now(), this.serverNow()) : 0;
  }

  private async each(
    keys: readonly Buffer[],
    send: (link: MemcachedLink, key: Buffer) => Promise<boolean>,
    call: CallOptions,
  ): Promise<BulkOutcome> {
    await Promise.all(this.servers.links.map((link) => link.open(call)));
    const results = await Promise.all(keys.map((key) => this.outcomeOf(key, send)));
    const error = results.find((result) => result.error)?.error;
    return { outcomes: results.map((result) => result.outcome), ...(error && { error }) };
  }

  /** Asked of every server: the one that has the key acts. */
  private async outcomeOf(
    key: Buffer,
    send: (link: MemcachedLink, key: Buffer) => Promise<boolean>,
  ): Promise<{ outcome: KeyOutcome; error?: EngineError }> {
    try {
      const done = await Promise.all(this.servers.links.map((link) => send(link, key)));
      return { outcome: done.includes(true) ? 'affected' : 'absent' };
    } catch (thrown) {
      const error = toEngineError(thrown);
      return { outcome: isLostReply(error) ? 'unknown' : 'failed', error };
    }
  }
}
