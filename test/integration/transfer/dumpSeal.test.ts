import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import { commandFormat } from '../../../src/engine/transfer/commandFormat';
import { linesFormat } from '../../../src/engine/transfer/fileFormat';
import { splitPart } from '../../../src/engine/transfer/splitPart';
import { requireSealed, sealed } from '../../../src/engine/transfer/dumpSeal';
import type { ValuePart } from '../../../src/engine/connections/valuePart';
import { type CacheServer, startRedis } from '../../helpers/cacheServer';
import { partsOf } from '../../helpers/parts';
import { rejectsWith } from '../../helpers/rejects';
import { transfersOver, type Transfers } from './transferFixture';

const ours = Buffer.alloc(32, 7);
const others = Buffer.alloc(32, 8);

describe('a serialised value in a file', () => {
  let server: CacheServer;
  let peer: Redis;
  let transfers: Transfers;
  let payload: Buffer;

  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
    transfers = await transfersOver({ own: { port: server.port } });
  });
  beforeEach(async () => {
    await peer.flushall();
    await peer.rpush('l', 'a', 'b');
    payload = await peer.dumpBuffer('l');
    await peer.flushall();
  });
  after(async () => {
    await transfers.close();
    peer.disconnect();
    await server.stop();
  });

  const fileOf = async (format: typeof linesFormat, key: Buffer | undefined): Promise<string> => {
    const pieces = [...splitPart({ kind: 'dump', bytes: payload }, 7)];
    let text = format.header('redis');
    const head = { key: Buffer.from('l'), type: 'dump' } as const;
    for await (const piece of format.key(head, sealed(partsOf(...pieces), key))) text += piece;
    return text + format.footer(1, 0);
  };

  it('reaches the server when this installation exported it, in either format', async () => {
    for (const format of [linesFormat, commandFormat]) {
      await peer.flushall();
      const text = await fileOf(format, ours);
      assert.equal((await transfers.planned('own', text)).unsigned, 0);
      assert.equal((await transfers.imported('own', text)).written, 1);
      assert.deepEqual(await peer.lrange('l', 0, -1), ['a', 'b']);
    }
  });

  it('never reaches it unasked when somebody else did, or it was changed', async () => {
    for (const format of [linesFormat, commandFormat]) {
      const changed = (await fileOf(format, ours)).replace(
        /seal(":"| )([A-Za-z0-9])/,
        (_, between: string, first: string) => `seal${between}${first === 'A' ? 'B' : 'A'}`,
      );
      for (const text of [await fileOf(format, undefined), await fileOf(format, others), changed]) {
        const plan = await transfers.planned('own', text);
        assert.deepEqual([plan.unsigned, plan.fresh], [1, 1]);
        const reasons: (string | undefined)[] = [];
        const report = await transfers.imported('own', text, {
          onResult: ({ reason }) => reasons.push(reason),
        });
        assert.deepEqual([report.written, report.invalid, await peer.dbsize()], [0, 1, 0]);
        assert.match(reasons[0] ?? '', /this installation did not export it/);
      }
    }
  });

  it('reaches it when the person said so for this file', async () => {
    const report = await transfers.imported('own', await fileOf(linesFormat, undefined), {
      takesUnsigned: true,
    });
    assert.deepEqual([report.written, await peer.dbsize()], [1, 1]);
  });

  it('is known by its seal only whole: a piece that is missing, moved or added breaks it', async () => {
    const pieces: ValuePart[] = [];
    for await (const part of sealed(partsOf(...splitPart({ kind: 'dump', bytes: payload }, 7)), ours))
      pieces.push(part);
    const read = async (parts: readonly ValuePart[]): Promise<void> => {
      for await (const part of requireSealed(partsOf(...parts), ours)) assert.equal(part.kind, 'dump');
    };
    await read(pieces);
    const [first, second, ...rest] = pieces;
    assert.ok(first && second && rest.length > 0);
    for (const parts of [
      [second, ...rest],
      [second, first, ...rest],
      [first, first, second, ...rest],
      pieces.slice(0, -1),
    ])
      await rejectsWith(read(parts), 'VALIDATION_ERROR', 'unsigned');
  });
});
