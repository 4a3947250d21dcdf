import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { ApplyOutcome, Change, Conflict, NewValue } from '../../engine/connections/change';
import type { TtlChange } from '../../engine/connections/ttlChange';
import { EngineError, isLostReply } from '../../engine/kernel/errors';
import { applyElements } from './applyElements';
import { applyJson } from './applyJson';
import { applyStream } from './applyStream';
import { applyTtl } from './applyTtl';
import { dumpKey } from './dumpKey';
import type { Arg, RedisLink, Reply } from './redisLink';
import { asList, asNumber, asOptionalBuffer, asText } from './replies';
import { restoreKey } from './restoreKey';
import { createScript, setStringScript } from './scripts';
import { orWithoutScript, setIfAbsent, setIfEqual } from './setIfEqual';

const applied: ApplyOutcome = { status: 'applied' };

/** Applies one change as compare-and-set. A lost reply is `unknown`; an error reply of the server rejects. */
export async function applyChange(link: RedisLink, change: Change, call: CallOptions): Promise<ApplyOutcome> {
  await link.open(call);
  try {
    return await send(link, change, call);
  } catch (thrown) {
    if (thrown instanceof EngineError && isLostReply(thrown)) return { status: 'unknown', cause: thrown };
    throw thrown;
  }
}

function send(link: RedisLink, change: Change, call: CallOptions): Promise<ApplyOutcome> {
  switch (change.kind) {
    case 'string.set':
      return orWithoutScript(
        () =>
          script(
            link,
            setStringScript,
            change.key,
            [change.before, change.after, ...ttlArguments(change.ttl)],
            call,
          ),
        () => setIfEqual(link, change, call),
      );
    case 'create':
      return create(link, change, call);
    case 'ttl':
      return applyTtl(link, change, call);
    case 'restore':
      return restoreKey(link, change, call);
    case 'rename':
      return rename(link, change.key, change.to, change.replace, call);
    case 'duplicate':
      return duplicate(link, change, call);
    case 'elements':
      return applyElements(link, change, call);
    case 'stream':
      return applyStream(link, change, call);
    case 'json.set':
      return applyJson(link, change, call);
    case 'item.set':
      throw new EngineError('NOT_SUPPORTED', 'unsupported', 'Redis has no Memcached items');
  }
}

function create(
  link: RedisLink,
  change: Extract<Change, { kind: 'create' }>,
  call: CallOptions,
): Promise<ApplyOutcome> {
  const { key, value, ttl } = change;
  const expiry = ttl.mode === 'set' ? String(ttl.expireAtMs) : '';
  const scripted = () => script(link, createScript, key, [expiry, ...createCommand(value)], call);
  if (value.type !== 'string') return scripted();
  return orWithoutScript(scripted, () => setIfAbsent(link, key, value.bytes, ttl, call));
}

async function script(
  link: RedisLink,
  text: string,
  key: Buffer,
  args: readonly Arg[],
  call: CallOptions,
): Promise<ApplyOutcome> {
  const [status, current] = asList(await link.send(['EVAL', text, 1, key, ...args], call));
  const word = asText(status);
  if (word === 'ok') return applied;
  const bytes = asOptionalBuffer(current);
  return conflict(word as Conflict['reason'], bytes);
}

function conflict(reason: Conflict['reason'], current?: Buffer): ApplyOutcome {
  return { status: 'conflict', conflict: { reason, ...(current && { current }) } };
}

function ttlArguments(ttl: TtlChange): Arg[] {
  return [ttl.mode, ttl.mode === 'set' ? String(ttl.expireAtMs) : ''];
}

function createCommand(value: NewValue): Arg[] {
  switch (value.type) {
    case 'string':
      return ['SET', value.bytes];
    case 'json':
      return ['JSON.SET', '$', value.bytes];
    case 'hash':
      return ['HSET', ...value.entries.flat()];
    case 'list':
      return ['RPUSH', ...value.elements];
    case 'set':
      return ['SADD', ...value.elements];
    case 'zset':
      return ['ZADD', ...value.members.flatMap(([member, score]) => [score, member])];
    case 'stream':
      return ['XADD', '*', ...value.fields.flat()];
    case 'item':
      throw new EngineError('NOT_SUPPORTED', 'unsupported', 'Redis has no Memcached items');
  }
}

async function rename(
  link: RedisLink,
  key: Buffer,
  to: Buffer,
  replace: boolean,
  call: CallOptions,
): Promise<ApplyOutcome> {
  try {
    const reply: Reply = await link.send([replace ? 'RENAME' : 'RENAMENX', key, to], call);
    return replace || asNumber(reply) === 1 ? applied : conflict('exists');
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.reason === 'gone') return conflict('gone');
    throw thrown;
  }
}

async function duplicate(
  link: RedisLink,
  change: Extract<Change, { kind: 'duplicate' }>,
  call: CallOptions,
): Promise<ApplyOutcome> {
  const { key, to, replace, toDb } = change;
  const options: Arg[] = [...(toDb === undefined ? [] : ['DB', toDb]), ...(replace ? ['REPLACE'] : [])];
  try {
    if (asNumber(await link.send(['COPY', key, to, ...options], call)) === 1) return applied;
  } catch (thrown) {
    // a module may let its values be serialised, but not copied
    const isUncopied = thrown instanceof EngineError && thrown.code === 'NOT_SUPPORTED';
    if (!isUncopied || toDb !== undefined) throw thrown;
    return restoreCopy(link, change, call);
  }
  return asNumber(await link.send(['EXISTS', key], call)) === 1 ? conflict('exists') : conflict('gone');
}

async function restoreCopy(
  link: RedisLink,
  { key, to, replace }: Extract<Change, { kind: 'duplicate' }>,
  call: CallOptions,
): Promise<ApplyOutcome> {
  const dump = await dumpKey(link, key, call);
  if (!dump) return conflict('gone');
  const { payload, expireAtMs } = dump;
  const ttl: TtlChange = expireAtMs === undefined ? { mode: 'remove' } : { mode: 'set', expireAtMs };
  return restoreKey(link, { kind: 'restore', key: to, payload, ttl, replace }, call);
}
