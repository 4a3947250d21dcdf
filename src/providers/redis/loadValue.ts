import { randomUUID } from 'node:crypto';
import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { ApplyOutcome } from '../../engine/connections/change';
import type { LoadOptions, SeenValue, ValuePart } from '../../engine/connections/valuePart';
import { cancelled, EngineError, isLostReply, toEngineError } from '../../engine/kernel/errors';
import { loadCommands, needsKeeper, type LoadTarget } from './loadCommands';
import { lookAt } from './loadParts';
import { noFieldTtl } from './applyElements';
import { finishLoadScript } from './loadScript';
import { replyError } from './redisErrors';
import type { RedisLink, Reply } from './redisLink';
import { asList, asNumber, asText, unwrap } from './replies';
import { restoreError } from './restoreKey';
import { conflictOf, reasonOf } from './scriptAnswer';
import { createScript } from './scripts';

/** What a crash of ours leaves behind goes by itself after this, milliseconds; each piece starts it anew. */
const leftoverMs = 3_600_000;
/** Arguments that a script may hand on at once: Lua's stack ends at some thousands. */
const longestCommand = 1000;

/**
 * Builds a value under a name of its own beside the key, then puts it in place in one step, so that the key is never
 * half written. A new key of one command needs no such place.
 */
export async function loadValue(
  link: RedisLink,
  key: Buffer,
  parts: AsyncIterable<ValuePart>,
  options: LoadOptions,
  target: LoadTarget,
  call: CallOptions,
): Promise<ApplyOutcome> {
  const looked = await lookAt(parts);
  try {
    const [command, ...more] = looked.only ? loadCommands(key, looked.only, target) : [];
    if (command && more.length === 0 && !options.replace && command.length <= longestCommand)
      return await create(link, key, command, options, call);
    // refused before more is sent where that is known; the last step looks again
    if (!options.replace && (await exists(link, key, call))) return conflictOf('exists');
    return await inPieces(link, key, looked.all, options, target, call);
  } finally {
    await looked.close();
  }
}

async function inPieces(
  link: RedisLink,
  key: Buffer,
  parts: AsyncIterable<ValuePart>,
  options: LoadOptions,
  target: LoadTarget,
  call: CallOptions,
): Promise<ApplyOutcome> {
  const temporary = Buffer.concat([key, Buffer.from(`:cachify-load-${randomUUID()}`)]);
  let keeper: string;
  try {
    keeper = await build(link, temporary, parts, target, call);
  } catch (thrown) {
    await discard(link, temporary, call);
    throw restoreError(toEngineError(thrown));
  }
  return finish(link, { temporary, key, keeper }, options, call);
}

/** A new key that one command makes: there is nothing to build, and nothing that could be lost. */
async function create(
  link: RedisLink,
  key: Buffer,
  [name, , ...args]: ReturnType<typeof loadCommands>[number],
  { ttl }: LoadOptions,
  call: CallOptions,
): Promise<ApplyOutcome> {
  const expiry = ttl.mode === 'set' ? String(ttl.expireAtMs) : '';
  if (call.signal?.aborted) throw cancelled('Loading the value');
  await link.open(call);
  try {
    const last = { timeoutMs: call.timeoutMs };
    return outcomeOf(await link.send(['EVAL', createScript, 1, key, expiry, name, ...args], last));
  } catch (thrown) {
    const error = restoreError(toEngineError(thrown));
    if (isLostReply(error)) return { status: 'unknown', cause: error };
    throw error;
  }
}

/** Gives the field that keeps a hash alive, '' where none was needed. */
async function build(
  link: RedisLink,
  temporary: Buffer,
  parts: AsyncIterable<ValuePart>,
  target: LoadTarget,
  call: CallOptions,
): Promise<string> {
  let isFirst = true;
  let keeper = '';
  for await (const part of parts) {
    if (call.signal?.aborted) throw cancelled('Loading the value');
    const commands = loadCommands(temporary, part, target);
    if (commands.length === 0) continue;
    const existed = await transaction(link, temporary, commands, call);
    // a piece that finds nothing to be added to would make a value of the rest alone
    if (existed === isFirst) throw lostOnTheWay();
    isFirst = false;
    if (needsKeeper(part)) keeper = target.keeper;
  }
  if (isFirst)
    throw new EngineError(
      'VALIDATION_ERROR',
      'invalid',
      'There is nothing to load: the value has no element',
    );
  return keeper;
}

/** Adds a piece and renews the expiry as one; tells whether there was something to add to. */
async function transaction(
  link: RedisLink,
  temporary: Buffer,
  commands: ReturnType<typeof loadCommands>,
  call: CallOptions,
): Promise<boolean> {
  const whole = [
    ['MULTI'],
    ['EXISTS', temporary],
    ...commands,
    ['PEXPIRE', temporary, leftoverMs],
    ['EXEC'],
  ] as const;
  const answers = await link.pipeline(whole, call);
  const refused = answers.find((answer) => answer instanceof EngineError);
  if (refused) throw fieldTtlError(refused);
  const replies = asList(unwrap(answers.at(-1)));
  // ioredis gives the error of a command within EXEC as a value
  const failed = replies.find((reply) => reply instanceof Error);
  if (failed) throw replyError(failed, 'Loading the value') ?? toEngineError(failed);
  return asNumber(replies[0]) === 1;
}

/** Of a server without times to live of fields, in words. */
function fieldTtlError(error: EngineError): EngineError {
  return error.code === 'NOT_SUPPORTED' && error.message.startsWith('HPEXPIREAT') ? noFieldTtl() : error;
}

async function finish(
  link: RedisLink,
  { temporary, key, keeper }: { readonly temporary: Buffer; readonly key: Buffer; readonly keeper: string },
  { ttl, replace, seen }: LoadOptions,
  call: CallOptions,
): Promise<ApplyOutcome> {
  const expiry = ttl.mode === 'set' ? String(ttl.expireAtMs) : '';
  const length = seen?.length === undefined ? '' : String(seen.length);
  try {
    const kept = ttl.mode === 'keep' ? await expiryText(link, key, call) : '';
    const args = [replace ? '1' : '0', ttl.mode, expiry, typeNameOf(seen), length, kept, keeper];
    if (call.signal?.aborted) throw cancelled('Loading the value');
    // from here on it is one step: to cancel its wait would only hide how it ended
    const last = { timeoutMs: call.timeoutMs };
    const reply = await link.send(['EVAL', finishLoadScript, 2, temporary, key, ...args], last);
    return outcomeOf(reply);
  } catch (thrown) {
    const error = toEngineError(thrown);
    const removed = await discard(link, temporary, call);
    // what could be removed was not put in place, and now never will be
    if (removed || !isLostReply(error)) throw error;
    return { status: 'unknown', cause: error };
  }
}

/** When the key expires that is replaced, as text; '' where the server does not tell. */
async function expiryText(link: RedisLink, key: Buffer, call: CallOptions): Promise<string> {
  const [reply] = await link.pipeline([['PEXPIRETIME', key]], call);
  return reply === undefined || reply instanceof EngineError ? '' : asText(reply);
}

/** The type as TYPE names it, where that is our name too. */
function typeNameOf(seen: SeenValue | undefined): string {
  if (seen === undefined || seen.type === 'other') return '';
  return seen.type === 'json' ? 'ReJSON-RL' : seen.type;
}

function outcomeOf(reply: Reply): ApplyOutcome {
  const word = asText(asList(reply)[0]);
  if (word === 'ok') return { status: 'applied' };
  if (word === 'lost') throw lostOnTheWay();
  if (word === 'expired')
    throw new EngineError('CONFLICT', 'expired', 'The value has expired meanwhile. Nothing was changed');
  return conflictOf(reasonOf(word));
}

function lostOnTheWay(): EngineError {
  return new EngineError(
    'CONFLICT',
    'gone',
    'The value was lost on its way: the server evicted or expired what had been sent. Nothing was changed',
  );
}

/** Removes what was built, as far as the server can be reached; tells whether there was something. */
async function discard(link: RedisLink, temporary: Buffer, call: CallOptions): Promise<boolean> {
  try {
    // not cancelled with the rest: this is what a cancel asks for
    return asNumber(await link.send(['UNLINK', temporary], { timeoutMs: call.timeoutMs })) === 1;
  } catch {
    // it expires by itself
    return false;
  }
}

async function exists(link: RedisLink, key: Buffer, call: CallOptions): Promise<boolean> {
  return asNumber(await link.send(['EXISTS', key], call)) === 1;
}
