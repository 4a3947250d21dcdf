import type { KeyName } from './keyRef';

/** Shards keep the pause small when a hash table grows: 256 of them hold about 4,000 names each at a million. */
const shardCount = 256;

/** A set of key names that stays responsive with millions of them. A scan may return a key twice; the bag counts it once. */
export class KeyBag {
  private readonly shards: Set<KeyName>[] = Array.from({ length: shardCount }, () => new Set());
  private count = 0;

  get size(): number {
    return this.count;
  }

  add(name: KeyName): void {
    const shard = this.shardOf(name);
    const before = shard.size;
    shard.add(name);
    this.count += shard.size - before;
  }

  delete(name: KeyName): boolean {
    const gone = this.shardOf(name).delete(name);
    if (gone) this.count--;
    return gone;
  }

  /** The names in pieces small enough to be worked through without a pause. */
  *pieces(): Iterable<ReadonlySet<KeyName>> {
    for (const shard of this.shards) yield shard;
  }

  private shardOf(name: KeyName): Set<KeyName> {
    const last = name.length - 1;
    // names differ most at their end; the length breaks ties of round numbers
    const hash =
      (name.charCodeAt(last) * 31 + name.charCodeAt(last - 1)) * 31 + name.charCodeAt(last - 2) * 7 + last;
    return this.shards[hash & (shardCount - 1)] as Set<KeyName>;
  }
}
