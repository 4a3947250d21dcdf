import { randomBytes } from 'node:crypto';
import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { ApplyOutcome, Change } from '../../engine/connections/change';
import type {
  ElementEdits,
  HashEdit,
  ListEdit,
  SetEdit,
  ZsetEdit,
} from '../../engine/connections/elementEdits';
import { EngineError, invalid } from '../../engine/kernel/errors';
import { planListEdits, usesBothEnds, type ListPlan, type ListStep } from '../../engine/values/listEdits';
import { requireScore } from '../../engine/values/scoreText';
import { editHashScript, editListScript, editSetScript, editZsetScript } from './elementScripts';
import type { Arg, RedisLink, Reply } from './redisLink';
import { asList, asNumber, asText } from './replies';
import { conflictOf, elementsOutcome } from './scriptAnswer';

type Elements = Extract<Change, { kind: 'elements' }>;

const mostEdits = 1000;
/** How often a list may change its length between our look and the edit before that is a conflict. */
const lengthTries = 5;

/** Applies edits of elements, all of them or none, in one script. */
export async function applyElements(
  link: RedisLink,
  change: Elements,
  call: CallOptions,
): Promise<ApplyOutcome> {
  const { edits } = change;
  requireCount(edits);
  if (edits.type === 'list') return applyToList(link, change, edits.edits, call);
  const { script, args } = named(edits);
  return outcomeOf(await run(link, script, change, args, call));
}

function requireCount({ edits }: ElementEdits): void {
  if (edits.length === 0) throw invalid('There is nothing to change');
  if (edits.length > mostEdits) throw invalid(`At most ${mostEdits} elements can be changed at once`);
}

function run(
  link: RedisLink,
  script: string,
  { key, recreate }: Elements,
  args: readonly Arg[],
  call: CallOptions,
): Promise<Reply> {
  const expiry = recreate?.expireAtMs === undefined ? '' : String(recreate.expireAtMs);
  return link.send(['EVAL', script, 1, key, recreate ? '1' : '0', expiry, ...args], call);
}

/** What a server is told that has no times to live of fields. */
export function noFieldTtl(): EngineError {
  return new EngineError(
    'NOT_SUPPORTED',
    'unsupported',
    'This server has no time to live for the fields of a hash: it takes Redis 7.4, Valkey 9 or later',
  );
}

function outcomeOf(reply: Reply): ApplyOutcome {
  const word = asText(asList(reply)[0]);
  if (word === 'no-field-ttl') throw noFieldTtl();
  if (word === 'far-ttl')
    throw new EngineError(
      'NOT_SUPPORTED',
      'unsupported',
      'The field expires so far from now that its time to live could not be kept exactly. Set another one first',
    );
  if (word === 'too-long')
    throw invalid('So many insertions into a list this long would hold up the server: insert fewer at once');
  return elementsOutcome(reply);
}

function named(edits: Exclude<ElementEdits, { type: 'list' }>): { script: string; args: Arg[] } {
  switch (edits.type) {
    case 'hash':
      return { script: editHashScript, args: argumentsOf(edits.edits, 'HSET', 'HDEL', hashArguments) };
    case 'set':
      return { script: editSetScript, args: argumentsOf(edits.edits, 'SADD', 'SREM', setArguments) };
    case 'zset':
      return { script: editZsetScript, args: argumentsOf(edits.edits, 'ZADD', 'ZREM', zsetArguments) };
  }
}

/** The commands that will write, then six arguments an edit. */
function argumentsOf<T extends HashEdit | SetEdit | ZsetEdit>(
  edits: readonly T[],
  put: string,
  take: string,
  encode: (edit: T) => Arg[],
): Arg[] {
  const commands = new Set(edits.map(({ after }) => (after === undefined || after === false ? take : put)));
  return [[...commands].join(' '), ...edits.flatMap(encode)];
}

function hashArguments({ field, before, after, ttl, ttlOf }: HashEdit): Arg[] {
  const expiry = ttl?.mode === 'set' ? String(ttl.expireAtMs) : ttl?.mode === 'remove' ? 'remove' : '';
  const inherited = ttlOf && Buffer.concat([Buffer.from('='), ttlOf]);
  return [field, ...side(before), ...side(after), inherited ?? expiry];
}

function setArguments({ member, before, after }: SetEdit): Arg[] {
  return [member, ...side(before ? '' : undefined), ...side(after ? '' : undefined), ''];
}

function zsetArguments({ member, before, after }: ZsetEdit): Arg[] {
  return [member, ...side(scoreOf(before)), ...side(scoreOf(after)), ''];
}

function scoreOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : requireScore(text);
}

function side(value: Buffer | string | undefined): Arg[] {
  return value === undefined ? ['0', ''] : ['1', value];
}

async function applyToList(
  link: RedisLink,
  change: Elements,
  edits: readonly ListEdit[],
  call: CallOptions,
): Promise<ApplyOutcome> {
  let length = usesBothEnds(edits) ? await lengthOf(link, change, call) : undefined;
  for (let tries = 0; tries < lengthTries; tries++) {
    const plan = planListEdits(edits, length);
    const reply = await run(link, editListScript, change, listArguments(plan), call);
    const [word, now] = asList(reply);
    if (asText(word) !== 'length') return outcomeOf(reply);
    length = asNumber(now);
  }
  return conflictOf('changed');
}

/** 0 for a key that is no list, or none: the script says which. */
async function lengthOf(link: RedisLink, { key }: Elements, call: CallOptions): Promise<number> {
  try {
    return asNumber(await link.send(['LLEN', key], call));
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.reason === 'wrong-type') return 0;
    throw thrown;
  }
}

function listArguments({ checks, steps, length }: ListPlan): Arg[] {
  return [
    ...[listCommands(steps), randomBytes(32), randomBytes(32), length ?? '', checks.length],
    ...checks.flatMap((check): Arg[] => {
      const number = check.kind === 'element' ? check.at : 'length' in check ? check.length : '';
      return [check.kind, number, check.kind === 'element' ? check.bytes : '', check.edit];
    }),
    ...steps.flatMap((step): Arg[] => [step.kind, step.at, step.kind === 'mark' ? '' : step.bytes]),
  ];
}

function listCommands(steps: readonly ListStep[]): string {
  const commands = steps.flatMap(({ kind, at }) => {
    if (kind === 'set') return ['LSET'];
    if (kind === 'mark') return ['LSET', 'LREM'];
    if (at === 0) return ['LPUSH'];
    return at === -1 ? ['RPUSH'] : ['LSET', 'LINSERT', at > 0 ? 'RPUSH' : 'LPUSH'];
  });
  return [...new Set(commands)].join(' ');
}
