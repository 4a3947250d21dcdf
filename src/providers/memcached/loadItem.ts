import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { ApplyOutcome } from '../../engine/connections/change';
import type { LoadOptions, ValuePart } from '../../engine/connections/valuePart';
import { cancelled, isLostReply, toEngineError } from '../../engine/kernel/errors';
import { conflict, glanceAtItem, readItem, withKnownTtl, type Item } from './items';
import { type ItemLimit, joinItem, requireFit } from './joinItem';
import type { MemcachedLink } from './memcachedLink';
import { metaSet } from './metaCommands';
import { orPutBack } from './orPutBack';
import type { MetaReply } from './replies';

/** An item to be written whole. */
export interface ItemLoad {
  readonly key: Buffer;
  readonly parts: AsyncIterable<ValuePart>;
  readonly options: LoadOptions;
  readonly limit: ItemLimit;
  /** Given what is replaced, if anything is. */
  readonly expirationOf: (replaced: Item | undefined) => number;
  /** The expiration that an item has. */
  readonly keptOf: (item: Item) => number;
}

/** Writes an item with one `ms`, as an addition unless it may replace what is there. */
export async function loadItem(
  link: MemcachedLink,
  { key, parts, options, limit, expirationOf, keptOf }: ItemLoad,
  call: CallOptions,
): Promise<ApplyOutcome> {
  const { bytes, flags } = await joinItem(parts, limit.itemSize);
  requireFit(key, { bytes, flags }, limit);
  const { replace, seen } = options;
  if (!replace && (await glanceAtItem(link, key, call))) return conflict({ reason: 'exists' });
  const found = replace ? await readItem(link, key, call) : undefined;
  if (!found && seen) return conflict({ reason: 'gone' });
  const now = found && (await withKnownTtl(link, key, found, call));
  const hasCas = seen?.cas !== undefined && seen.cas !== '0';
  const mode = replace ? (hasCas ? ` C${seen.cas ?? ''}` : '') : ' ME';
  if (call.signal?.aborted) throw cancelled('Writing the item');
  // from here on it is one step: to cancel its wait would only hide how it ended
  const last = { timeoutMs: call.timeoutMs };
  const command = metaSet(key, bytes, `F${flags} T${expirationOf(now)}${mode}`);
  const there = { key, item: now, expiration: now ? keptOf(now) : 0 };
  return outcomeOf(() => orPutBack(link, command, there, last), replace);
}

async function outcomeOf(send: () => Promise<MetaReply>, replace: boolean): Promise<ApplyOutcome> {
  try {
    const { code } = await send();
    if (code === 'HD') return { status: 'applied' };
    if (code === 'NF') return conflict({ reason: 'gone' });
    return conflict({ reason: replace ? 'changed' : 'exists' });
  } catch (thrown) {
    const error = toEngineError(thrown);
    if (isLostReply(error)) return { status: 'unknown', cause: error };
    throw error;
  }
}
