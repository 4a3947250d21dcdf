import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { toError } from '../../../src/engine/kernel/errors';
import { GuardedRedis } from '../../../src/providers/redis/guardedRedis';
import { seededRandom } from '../../helpers/random';
import { chunked, mutated } from './mutations';
import { recordedReplies } from './recorded';
import { referenceReplies, replyText } from './respReference';

/** A socket whose other end is the test. */
class TestSocket extends Socket {
  override write(): boolean {
    return true;
  }

  /** What the server sends, in these chunks, until the client has had enough. */
  receive(chunks: readonly Buffer[]): void {
    for (const chunk of chunks) if (!this.destroyed) this.emit('data', chunk);
  }
}

const recorded = recordedReplies('redis').map(({ reply }) => Buffer.from(reply, 'latin1'));

/** Real replies with a change, to as many commands: what arrives is what an independent reader reads, or the link ends. */
export async function fuzzRedis(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const replies = Array.from({ length: 1 + random.below(5) }, () => random.pick(recorded));
  const bytes = mutated(Buffer.concat(replies), random);
  await arrivesAsRead(bytes, chunked(bytes, random), replies.length);
}

/** Every recorded reply, cut behind each of its bytes, and cut in two there. */
export async function fuzzRedisCuts(): Promise<void> {
  for (const reply of new Set(recorded.map((bytes) => bytes.toString('latin1')))) {
    const bytes = Buffer.from(reply, 'latin1');
    for (let at = 1; at < bytes.length; at += bytes.length > 300 ? 17 : 1) {
      await arrivesAsRead(bytes.subarray(0, at), [bytes.subarray(0, at)], 1);
      await arrivesAsRead(bytes, [bytes.subarray(0, at), bytes.subarray(at)], 1);
    }
  }
}

async function arrivesAsRead(bytes: Buffer, chunks: readonly Buffer[], commands: number): Promise<void> {
  const socket = new TestSocket();
  const client = new GuardedRedis(
    { lazyConnect: true, protocol: 2, enableReadyCheck: false, disableClientInfo: true, stringNumbers: true, retryStrategy: null },
    () => socket,
  ); // prettier-ignore
  client.on('error', () => undefined);
  await client.connect();
  const arrived = new Map<number, string>();
  for (let i = 0; i < commands; i++)
    client.callBuffer('ANY').then(
      (reply: unknown) => arrived.set(i, replyText(reply)),
      (thrown: unknown) => {
        const error = toError(thrown);
        if (error.name === 'ReplyError') arrived.set(i, replyText(error));
      },
    );
  socket.receive(chunks);
  await turn();
  const { replies, ending } = referenceReplies(bytes, commands);
  assert.equal(
    client.violation !== undefined,
    ending === 'violation',
    client.violation?.message ?? 'no violation',
  );
  // of a chunk with a violation nothing arrives
  if (ending !== 'violation') assert.equal(arrived.size, replies.length);
  for (const [i, text] of arrived) assert.equal(text, replies[i]);
  socket.destroy();
  await turn();
}
