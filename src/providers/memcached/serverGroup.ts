import type { CallOptions } from '../../engine/connections/cacheProvider';
import { glanceAtItem } from './items';
import type { MemcachedLink } from './memcachedLink';
import { statsParser } from './replies';

/** The servers of one connection. Which of them holds a key is asked, never computed: clients hash differently. */
export class ServerGroup {
  constructor(readonly links: readonly [MemcachedLink, ...MemcachedLink[]]) {}

  /** The server that holds the key; undefined when none does. */
  async holderOf(key: Buffer, call: CallOptions): Promise<MemcachedLink | undefined> {
    const [only, ...others] = this.links;
    if (others.length === 0) return only;
    const items = await Promise.all(this.links.map((link) => glanceAtItem(link, key, call)));
    return this.links.find((_, i) => items[i] !== undefined);
  }

  /** The server for a key that is on none yet: the sum of its bytes decides, so that it is always the same one. */
  homeOf(key: Buffer): MemcachedLink {
    const sum = key.reduce((total, byte) => (total * 31 + byte) >>> 0, 0);
    return this.links[sum % this.links.length] ?? this.links[0];
  }

  /** `stats` of every server. */
  stats(call: CallOptions, which = ''): Promise<Map<string, string>[]> {
    const command = which === '' ? 'stats\r\n' : `stats ${which}\r\n`;
    return Promise.all(this.links.map((link) => link.send(command, statsParser, call)));
  }

  async close(): Promise<void> {
    await Promise.all(this.links.map((link) => link.close()));
  }
}
