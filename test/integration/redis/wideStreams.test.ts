import assert from 'node:assert/strict';
import { readParts } from '../../../src/engine/transfer/readParts';
import { call } from '../providerContract';
import { type OpenRedis, openRedis } from './openRedis';

const key = Buffer.from('k');

describe('A stream whose entries have many fields', () => {
  let redis: OpenRedis;
  const lost: unknown[] = [];

  before(async () => {
    redis = await openRedis({ readOnly: true });
    redis.provider.onLink((link) => link.up || lost.push(link.cause.reason));
  });
  after(() => redis.close());
  beforeEach(async () => {
    lost.length = 0;
    await redis.peer.flushall();
  });

  async function plant(entries: number, fields: number): Promise<void> {
    const flat = Array.from({ length: fields }, (_, i) => [i.toString(36), '']).flat();
    const planted = redis.peer.pipeline();
    for (let i = 0; i < entries; i++) planted.xadd('k', '*', ...flat);
    await planted.exec();
  }

  /** How many entries and fields are read of it when it is exported or copied. */
  async function readWhole(): Promise<readonly [number, number]> {
    const facts = { type: 'stream', typeName: 'stream' } as const;
    let [entries, fields] = [0, 0];
    for await (const part of readParts(redis.provider, key, facts, call, () => 0)) {
      if (part.kind !== 'stream') continue;
      entries += part.entries.length;
      fields += part.entries.reduce((sum, entry) => sum + entry.fields.length, 0);
    }
    return [entries, fields];
  }

  it('is read whole over one connection', async () => {
    await plant(1100, 250);
    assert.deepEqual(await readWhole(), [1100, 1100 * 250]);
    assert.deepEqual(lost, []);
  });

  it('is read whole when only its later entries have them', async () => {
    await plant(1100, 1);
    await plant(1100, 250);
    assert.deepEqual(await readWhole(), [2200, 1100 + 1100 * 250]);
  });

  it('is shown in smaller pages than were asked for', async () => {
    await plant(1000, 250);
    const page = await redis.provider.read(key, { type: 'stream', limit: 1000, cellLimit: 10 }, call);
    assert.ok(page.kind === 'stream' && page.rows.length > 0 && page.rows.length < 1000);
    assert.ok(page.cursor !== undefined);
  });
});
