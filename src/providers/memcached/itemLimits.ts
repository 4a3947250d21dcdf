import type { CallOptions } from '../../engine/connections/cacheProvider';
import { type ItemLimit, largestItem } from './joinItem';
import type { MemcachedLink } from './memcachedLink';
import { statsParser, wholeNumber } from './replies';

/** The largest item of each server, asked once a socket: a server that was started anew may have another. */
export class ItemLimits {
  private readonly known = new Map<MemcachedLink, ItemLimit>();
  private readonly watched = new WeakSet<MemcachedLink>();

  async of(link: MemcachedLink, call: CallOptions): Promise<ItemLimit> {
    const known = this.known.get(link);
    if (known !== undefined) return known;
    this.watch(link);
    const settings = await link.send('stats settings\r\n', statsParser, call);
    const told = itemSizeOf(settings);
    if (told !== undefined) link.limitItems(told);
    const limit = {
      itemSize: told ?? largestItem,
      hasCas: settings.get('cas_enabled') !== 'no',
    };
    this.known.set(link, limit);
    return limit;
  }

  private watch(link: MemcachedLink): void {
    if (this.watched.has(link)) return;
    this.watched.add(link);
    link.onState(({ up }) => {
      if (!up) this.known.delete(link);
    });
  }
}

/** The largest item by `stats settings`, bytes; undefined where it is not told. */
export function itemSizeOf(settings: ReadonlyMap<string, string> | undefined): number | undefined {
  const told = settings?.get('item_size_max');
  return told === undefined ? undefined : wholeNumber(told);
}
