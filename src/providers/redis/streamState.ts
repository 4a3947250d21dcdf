import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { StreamState, StreamStateGroup } from '../../engine/connections/valuePart';
import type { RedisLink, Reply } from './redisLink';
import { asBuffer, asList, asNumber, asText, pairs, unwrap } from './replies';

/** What a stream knows beside its entries, by XINFO. */
export async function readStreamState(link: RedisLink, key: Buffer, call: CallOptions): Promise<StreamState> {
  const [stream, groups] = await link.pipeline(
    [
      ['XINFO', 'STREAM', key],
      ['XINFO', 'GROUPS', key],
    ],
    call,
  );
  const facts = factsOf(unwrap(stream));
  const added = facts.get('entries-added');
  const deleted = facts.get('max-deleted-entry-id');
  const states: StreamStateGroup[] = [];
  for (const group of asList(unwrap(groups))) states.push(await groupState(link, key, factsOf(group), call));
  return {
    lastId: asText(facts.get('last-generated-id')),
    ...(added !== undefined && { entriesAdded: asNumber(added) }),
    ...(deleted !== undefined && { maxDeletedId: asText(deleted) }),
    groups: states,
  };
}

async function groupState(
  link: RedisLink,
  key: Buffer,
  facts: ReadonlyMap<string, Reply>,
  call: CallOptions,
): Promise<StreamStateGroup> {
  const name = asBuffer(facts.get('name'));
  const read = facts.get('entries-read');
  const consumers = asList(await link.send(['XINFO', 'CONSUMERS', key, name], call));
  return {
    name,
    lastId: asText(facts.get('last-delivered-id')),
    ...(read !== undefined && read !== null && { entriesRead: asNumber(read) }),
    consumers: consumers.map((consumer) => asBuffer(factsOf(consumer).get('name'))),
  };
}

function factsOf(reply: Reply): ReadonlyMap<string, Reply> {
  return new Map(pairs(asList(reply)).map(([name, value]) => [asText(name), value]));
}
