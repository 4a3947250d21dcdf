import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { Change, StreamAct } from '../../engine/connections/change';
import { EngineError } from '../../engine/kernel/errors';
import type { RedisLink, Reply } from './redisLink';
import { asBuffer, asList, asNumber, asText, pairs, unwrap } from './replies';

type Act<K extends StreamAct['act']> = Extract<StreamAct, { act: K }>;

/** Whether an act on a stream has happened, read back. Ids never come again, so an entry that is there proves much. */
export async function streamApplied(
  link: RedisLink,
  { key, act }: Extract<Change, { kind: 'stream' }>,
  call: CallOptions,
): Promise<boolean | undefined> {
  if (asText(await link.send(['TYPE', key], call)) !== 'stream') return undefined;
  switch (act.act) {
    case 'add':
      return wasAdded(link, key, act, call);
    case 'delete':
      return wereDeleted(link, key, act.ids, call);
    case 'acknowledge':
      return wereAcknowledged(link, key, act, call);
    case 'createGroup':
      // one of this name may have been made by someone else; its absence proves that ours was not
      return (await namesOf(link, 'GROUPS', [key], call))?.some(equalTo(act.group)) === false
        ? false
        : undefined;
    case 'deleteGroup':
      return isGone(await namesOf(link, 'GROUPS', [key], call), act.group);
    case 'deleteConsumer':
      return isGone(await namesOf(link, 'CONSUMERS', [key, act.group], call), act.consumer);
    case 'trim':
    case 'claim':
    case 'setGroupId':
      return undefined;
  }
}

async function wasAdded(
  link: RedisLink,
  key: Buffer,
  { id, fields }: Act<'add'>,
  call: CallOptions,
): Promise<boolean | undefined> {
  if (!/^\d+-\d+$/.test(id)) return undefined;
  const [entry] = asList(await link.send(['XRANGE', key, id, id], call));
  // it may have been deleted since
  if (entry === undefined) return undefined;
  const now = asList(asList(entry)[1]).map(asBuffer);
  const ours = fields.flat();
  return now.length === ours.length && now.every((bytes, i) => ours[i]?.equals(bytes));
}

async function wereDeleted(
  link: RedisLink,
  key: Buffer,
  ids: readonly string[],
  call: CallOptions,
): Promise<boolean> {
  const replies = await link.pipeline(
    ids.map((id) => ['XRANGE', key, id, id] as const),
    call,
  );
  return replies.every((reply) => asList(unwrap(reply)).length === 0);
}

async function wereAcknowledged(
  link: RedisLink,
  key: Buffer,
  { group, ids }: Act<'acknowledge'>,
  call: CallOptions,
): Promise<boolean | undefined> {
  const replies = await link.pipeline(
    ids.map((id) => ['XPENDING', key, group, id, id, 1] as const),
    call,
  );
  if (replies.some((reply) => reply instanceof EngineError)) return undefined;
  const pending = replies.filter((reply) => asNumber(asList(unwrap(reply)).length) > 0).length;
  if (pending > 0 && pending < ids.length) return undefined;
  return pending === 0;
}

/** Names of groups or consumers; undefined when the server does not tell. */
async function namesOf(
  link: RedisLink,
  of: 'GROUPS' | 'CONSUMERS',
  where: readonly Buffer[],
  call: CallOptions,
): Promise<readonly Buffer[] | undefined> {
  try {
    return asList(await link.send(['XINFO', of, ...where], call)).map(nameOf);
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.details['prefix'] === 'NOGROUP') return undefined;
    throw thrown;
  }
}

function nameOf(entry: Reply): Buffer {
  const facts = new Map(pairs(asList(entry)).map(([name, value]) => [asText(name), value]));
  return asBuffer(facts.get('name'));
}

function isGone(names: readonly Buffer[] | undefined, name: Buffer): boolean | undefined {
  return names && !names.some(equalTo(name));
}

function equalTo(name: Buffer): (other: Buffer) => boolean {
  return (other) => other.equals(name);
}
