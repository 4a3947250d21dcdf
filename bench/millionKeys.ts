import type { Redis } from 'ioredis';

/** Keys of the scan benches. */
export const keys = 1_000_000;

/** Names as applications make them: about 35 bytes, nested, with an id. */
export async function fill(peer: Redis): Promise<void> {
  const areas = ['user', 'session', 'cart', 'product', 'page'];
  for (let start = 0; start < keys; start += 10_000) {
    const pairs: string[] = [];
    for (let i = start; i < start + 10_000; i++) {
      pairs.push(`shop:${areas[i % areas.length] ?? ''}:${String(i).padStart(10, '0')}:attributes`, 'x');
    }
    await peer.mset(pairs);
  }
}

/** The floor: a SCAN loop that keeps nothing. */
export async function bareScan(peer: Redis): Promise<void> {
  let cursor = '0';
  let seen = 0;
  do {
    const [next, found] = await peer.scan(cursor, 'COUNT', 1000);
    seen += found.length;
    cursor = next;
  } while (cursor !== '0');
  if (seen < keys) throw new Error(`The bare scan saw ${seen} keys`);
}
