import assert from 'node:assert/strict';
import { once } from 'node:events';
import { FrameReader, sendFrame } from '../../../src/providers/store/frames';
import { encodeGroup } from '../../../src/providers/store/journalRecord';
import { latestVersion } from '../../../src/providers/store/migrate';
import { migrations } from '../../../src/providers/store/migrations';
import { openLink } from '../../../src/providers/store/openLink';
import type { OwnerFacts } from '../../../src/providers/store/ownerFile';
import type { Transaction } from '../../../src/providers/store/statement';
import type { StoreMessage, StoreReply, StoreRequest } from '../../../src/providers/store/storeMessages';

/** Asks the owner at an address to write, as a window does over its socket; returns why it refused, if it did. */
export async function writeTo(facts: OwnerFacts, transaction: Transaction): Promise<string | undefined> {
  const hello = { client: 'test', schema: latestVersion(migrations) };
  const admission = await openLink(facts, hello, new AbortController().signal);
  assert.equal(admission?.answer.kind, 'welcome');
  const { socket } = admission;
  const reader = new FrameReader();
  const replied = new Promise<readonly StoreReply[]>((resolve) =>
    socket.on('data', (chunk: Buffer) => {
      for (const message of reader.push(chunk) as StoreMessage[])
        if (message.kind === 'replies') resolve(message.replies);
    }),
  );
  socket.resume();
  const request: StoreRequest = { kind: 'writes', numbers: [1], record: encodeGroup([transaction]) };
  sendFrame(socket, [request]);
  const replies = await replied;
  const closed = once(socket, 'close');
  socket.destroy();
  await closed;
  return replies.flatMap((reply) => (reply.kind === 'error' ? [reply.error.reason] : [])).at(0);
}
