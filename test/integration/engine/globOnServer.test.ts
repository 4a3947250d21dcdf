import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { keyName, type KeyName } from '../../../src/engine/kernel/keyName';
import { escapeGlob, matchesGlob } from '../../../src/engine/keys/glob';
import { startRedis, type CacheServer } from '../../helpers/cacheServer';
import { redisMatches } from '../../unit/keys/redisGlob';

/** Letters of names and globs: the special ones, and bytes on both sides of the sign. */
const letters = ['*', '?', '[', ']', '^', '-', '\\', 'a', 'b', 'c', ':', '\x00', '\xff'];
const text = (maxLength: number): fc.Arbitrary<KeyName> =>
  fc.string({ unit: fc.constantFrom(...letters), maxLength }) as fc.Arbitrary<KeyName>;

/** Redis compares the ends of a range as signed bytes, which turns one around that crosses 0x80; nobody means that. */
const crossesSign = (glob: string): boolean => /-[\x80-\xff]|[\x80-\xff]-/.test(glob);

describe('globs on a real Redis', () => {
  let server: CacheServer;
  let peer: Redis;
  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
  });
  after(async () => {
    await peer.quit();
    await server.stop();
  });

  async function serverMatches(glob: KeyName): Promise<string[]> {
    const match = Buffer.from(glob, 'latin1');
    const reply = await peer.callBuffer('SCAN', '0', 'MATCH', match, 'COUNT', 100_000);
    const [, keys] = reply as [Buffer, Buffer[]];
    return keys.map((key) => keyName(key)).sort();
  }

  async function fill(names: readonly KeyName[]): Promise<void> {
    await peer.flushall();
    for (const name of new Set(names)) await peer.set(Buffer.from(name, 'latin1'), '');
  }

  it('match here what they match there', async () => {
    // an empty name is matched by `*` alone there: their loop ends before it has looked at the glob
    const names = fc.sample(text(6), { numRuns: 400, seed: 1 }).filter((name) => name !== '');
    await fill(names);
    const glob = text(10).filter((given) => given !== '' && !crossesSign(given));
    await fc.assert(
      fc.asyncProperty(glob, async (given) => {
        const expected = await serverMatches(given);
        const here = [...new Set(names)].filter((name) => matchesGlob(given, name)).sort();
        assert.deepEqual(here, expected, JSON.stringify(given));
        assert.deepEqual([...new Set(names)].filter((name) => redisMatches(given, name)).sort(), expected);
      }),
      { numRuns: 1500 },
    );
  });

  it('made of a name find there that name and no other', async () => {
    const names = [...new Set(fc.sample(text(8), { numRuns: 300, seed: 2 }))].filter((name) => name !== '');
    await fill(names);
    for (const name of names) assert.deepEqual(await serverMatches(escapeGlob(name)), [name]);
  });
});
