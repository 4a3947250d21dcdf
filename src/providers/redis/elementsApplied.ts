import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { Change } from '../../engine/connections/change';
import type { ListEdit } from '../../engine/connections/elementEdits';
import { EngineError } from '../../engine/kernel/errors';
import { planListEdits, type ListCheck } from '../../engine/values/listEdits';
import { sameScore } from '../../engine/values/scoreText';
import { inverseOf } from '../../engine/values/undo';
import type { RedisLink, Reply } from './redisLink';
import { asNumber, asOptionalBuffer, unwrap } from './replies';

type Elements = Extract<Change, { kind: 'elements' }>;

/** One element before and after all edits, as far as the server's state fits them. */
interface Fit {
  readonly before: boolean;
  readonly after: boolean;
}

/** Whether edits of elements have happened, read back: undefined unless the state of every one proves it. */
export async function elementsApplied(
  link: RedisLink,
  change: Elements,
  call: CallOptions,
): Promise<boolean | undefined> {
  const exists = asNumber(await link.send(['EXISTS', change.key], call)) === 1;
  // a key that is gone may have been deleted, may have expired, or may have been emptied by us
  if (!exists) return change.recreate ? false : undefined;
  try {
    return verdict(await fits(link, change, call));
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.reason === 'wrong-type') return undefined;
    throw thrown;
  }
}

function verdict(of: readonly Fit[]): boolean | undefined {
  if (of.every(({ before, after }) => after && !before)) return true;
  if (of.every(({ before }) => before) && of.some(({ after }) => !after)) return false;
  return undefined;
}

async function fits(link: RedisLink, { key, edits }: Elements, call: CallOptions): Promise<readonly Fit[]> {
  switch (edits.type) {
    case 'hash': {
      const named = edits.edits.map(({ field, before, after }) => ({ name: field, before, after }));
      return fitsOf(await readNow(link, 'HGET', key, named, call), sameBytes);
    }
    case 'zset': {
      const named = edits.edits.map(({ member, before, after }) => ({ name: member, before, after }));
      return fitsOf(await readNow(link, 'ZSCORE', key, named, call), sameNumber);
    }
    case 'set': {
      const named = edits.edits.map(({ member, before, after }) => ({ name: member, before, after }));
      return fitsOf(await readNow(link, 'SISMEMBER', key, named, call), sameMembership);
    }
    case 'list':
      return [await fitOfList(link, key, edits.edits, call)];
  }
}

/** An element by its name: what the edits saw of it, and what they make of it. */
interface Named<T> {
  readonly name: Buffer;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

type Found<T> = Named<T> & { readonly now: Reply };

/** Each element once, from what its first edit saw to what its last one makes. */
async function readNow<T>(
  link: RedisLink,
  command: string,
  key: Buffer,
  edits: readonly Named<T>[],
  call: CallOptions,
): Promise<Found<T>[]> {
  const byName = new Map<string, Named<T>>();
  for (const edit of edits) {
    const name = edit.name.toString('latin1');
    byName.set(name, { ...(byName.get(name) ?? edit), after: edit.after });
  }
  const elements = [...byName.values()];
  const commands = elements.map(({ name }) => [command, key, name] as const);
  const replies = await link.pipeline(commands, call);
  return elements.map((element, i) => ({ ...element, now: unwrap(replies[i]) }));
}

function fitsOf<T>(found: readonly Found<T>[], same: (now: Reply, side: T | undefined) => boolean): Fit[] {
  return found.map(({ before, after, now }) => ({ before: same(now, before), after: same(now, after) }));
}

function sameBytes(now: Reply, side: Buffer | undefined): boolean {
  const bytes = asOptionalBuffer(now);
  return bytes === undefined || side === undefined ? bytes === side : bytes.equals(side);
}

function sameNumber(now: Reply, side: string | undefined): boolean {
  const score = asOptionalBuffer(now)?.toString();
  return score === undefined || side === undefined ? score === side : sameScore(score, side);
}

function sameMembership(now: Reply, side: boolean | undefined): boolean {
  return (asNumber(now) === 1) === side;
}

/** A list fits a side when the edits, or their undo, could be applied to it, and each of them says what must be there. */
async function fitOfList(
  link: RedisLink,
  key: Buffer,
  edits: readonly ListEdit[],
  call: CallOptions,
): Promise<Fit> {
  const length = asNumber(await link.send(['LLEN', key], call));
  const change: Change = { kind: 'elements', key, edits: { type: 'list', edits } };
  const undo = inverseOf(change, { status: 'applied' });
  const undone = undo?.kind === 'elements' && undo.edits.type === 'list' ? undo.edits.edits : [];
  const [before, after] = await Promise.all(
    [edits, undone].map((side) => fitsPlan(link, key, side, length, call)),
  );
  // without a say on its former state, that the list fits the new one proves nothing
  if (before === undefined || after === undefined) return { before: true, after: true };
  return { before, after };
}

/** Undefined when one of the edits says nothing of what must be there. */
async function fitsPlan(
  link: RedisLink,
  key: Buffer,
  edits: readonly ListEdit[],
  length: number,
  call: CallOptions,
): Promise<boolean | undefined> {
  if (edits.some(({ before, pivot }) => before === undefined && pivot === undefined)) return undefined;
  const { checks } = planListEdits(edits, length);
  const replies = await link.pipeline(
    checks.map((check) => ['LINDEX', key, check.kind === 'element' ? check.at : 0] as const),
    call,
  );
  return checks.every((check, i) => fulfils(check, length, asOptionalBuffer(unwrap(replies[i]))));
}

function fulfils(check: ListCheck, length: number, now: Buffer | undefined): boolean {
  switch (check.kind) {
    case 'element':
      return now?.equals(check.bytes) ?? false;
    case 'atLeast':
      return length >= check.length;
    case 'exactly':
      return length === check.length;
    case 'gone':
    case 'changed':
      return false;
  }
}
