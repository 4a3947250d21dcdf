import type { CallOptions } from '../../../engine/connections/cacheProvider';
import type { GroupPage, StreamConsumer } from '../../../engine/connections/valuePage';
import type { RedisLink, Reply } from '../redisLink';
import { asBuffer, asList, asNumber, asText, pairs, unwrap } from '../replies';
import { idAbove } from './streamIds';

export interface GroupRequest {
  readonly cursor?: string;
  readonly limit: number;
}

/** Consumers of a group and a page of what it has not acknowledged, by XINFO CONSUMERS and XPENDING. */
export async function readGroup(
  link: RedisLink,
  key: Buffer,
  group: Buffer,
  { cursor, limit }: GroupRequest,
  call: CallOptions,
): Promise<GroupPage> {
  const [consumers, pending] = await link.pipeline(
    [
      ['XINFO', 'CONSUMERS', key, group],
      ['XPENDING', key, group, cursor ?? '-', '+', limit],
    ],
    call,
  );
  const rows = asList(unwrap(pending)).map(pendingEntry);
  const last = rows.length === limit ? rows.at(-1)?.id : undefined;
  const next = last === undefined ? undefined : idAbove(last);
  return {
    consumers: asList(unwrap(consumers)).map(streamConsumer),
    pending: rows,
    ...(next !== undefined && { cursor: next }),
  };
}

function pendingEntry(reply: Reply): GroupPage['pending'][number] {
  const [id, consumer, idle, deliveries] = asList(reply);
  return {
    id: asText(id),
    consumer: asBuffer(consumer),
    idleMs: asNumber(idle),
    deliveries: asNumber(deliveries),
  };
}

function streamConsumer(reply: Reply): StreamConsumer {
  const facts = new Map(pairs(asList(reply)).map(([name, value]) => [asText(name), value]));
  return {
    name: asBuffer(facts.get('name')),
    pending: asNumber(facts.get('pending')),
    idleMs: asNumber(facts.get('idle')),
  };
}
