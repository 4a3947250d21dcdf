import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { ApplyOutcome, Change } from '../../engine/connections/change';
import { EngineError, invalid } from '../../engine/kernel/errors';
import { compactJson } from '../../engine/values/compactJson';
import { setJsonScript } from './jsonScript';
import type { Arg, RedisLink } from './redisLink';
import { asList, asText } from './replies';
import { elementsOutcome } from './scriptAnswer';
import { readJsonPath, requireJsonPath } from './types/jsonPath';

type JsonSet = Extract<Change, { kind: 'json.set' }>;

/** Sets, inserts or deletes what one path of a JSON value names, as compare-and-set. */
export async function applyJson(link: RedisLink, change: JsonSet, call: CallOptions): Promise<ApplyOutcome> {
  const { key, path, before, after } = change;
  requireJsonPath(path);
  if (!before && !after) throw invalid('There is nothing to change');
  const { parent, index } = position(change);
  const args: Arg[] = [path, ...(await side(before)), ...(await side(after)), parent, index];
  const reply = await link.send(['EVAL', setJsonScript, 1, key, ...args], call);
  if (asText(asList(reply)[0]) === 'many') throw invalid('The path names more than one place');
  return elementsOutcome(reply);
}

/** Whether the place that a path names is at one side of the change; not told of positions that others move. */
export async function jsonApplied(
  link: RedisLink,
  change: JsonSet,
  call: CallOptions,
): Promise<boolean | undefined> {
  const { key, path, before, after } = change;
  if (elementAt.test(path) && (!before || !after)) return undefined;
  if (asText(await link.send(['TYPE', key], call)) !== 'ReJSON-RL') return undefined;
  const now = await textAt(link, key, path, call);
  const isBefore = await equal(now, before);
  const isAfter = await equal(now, after);
  return isBefore === isAfter ? undefined : isAfter;
}

/** A path that named one place may name more by now. */
async function textAt(link: RedisLink, key: Buffer, path: string, call: CallOptions) {
  try {
    return await readJsonPath(link, key, path, call);
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.code === 'VALIDATION_ERROR') return Buffer.alloc(0);
    throw thrown;
  }
}

async function equal(now: Buffer | undefined, given: Buffer | undefined): Promise<boolean> {
  return now === undefined || given === undefined ? now === given : now.equals(await compactJson(given));
}

const elementAt = /^(.*)\[(\d+)\]$/s;

/** Without anything before, a path that ends in a position is a place to insert at. */
function position({ path, before }: JsonSet): { parent: string; index: string } {
  const [, parent = '', index = ''] = (before ? undefined : elementAt.exec(path)) ?? [];
  return { parent, index };
}

async function side(text: Buffer | undefined): Promise<Arg[]> {
  return text === undefined ? ['0', ''] : ['1', await compactJson(text)];
}
