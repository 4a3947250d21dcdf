import type { Applied, Change } from '../connections/change';
import type { ElementEdits, HashEdit } from '../connections/elementEdits';

type Of<K extends Change['kind']> = Extract<Change, { kind: K }>;

/**
 * The change that takes back one that was applied; undefined where there is none, or where it could not give back
 * everything. `cas` is the CAS unique that a Memcached item has now, `flagsBefore` the flags it had.
 */
export function inverseOf(
  change: Change,
  applied: Applied,
  cas?: string,
  flagsBefore?: number,
): Change | undefined {
  switch (change.kind) {
    case 'string.set':
      if (change.ttl.mode !== 'keep') return undefined;
      return { ...change, before: change.after, after: change.before };
    case 'item.set':
      return inverseOfItem(change, cas, flagsBefore);
    case 'elements':
      return inverseOfElements(change.key, change.edits, applied);
    case 'json.set':
      return inverseOfJson(change, applied);
    case 'stream':
      return inverseOfAdd(change, applied);
    case 'ttl':
      return inverseOfTtl(change);
    case 'rename':
      return change.replace ? undefined : { ...change, key: change.to, to: change.key };
    case 'restore':
    case 'create':
    case 'duplicate':
      return undefined;
  }
}

function sides<T>(before: T | undefined, after: T | undefined): { before?: T; after?: T } {
  return { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

function inverseOfElements(key: Buffer, edits: ElementEdits, { emptied }: Applied): Change | undefined {
  if (edits.type === 'hash' && edits.edits.some(hidesItsTtl)) return undefined;
  return { kind: 'elements', key, edits: inverseEdits(edits), ...(emptied && { recreate: emptied }) };
}

/** A new time to live of a field that was there: which one it had is not known. */
function hidesItsTtl({ before, after, ttl }: HashEdit): boolean {
  return before !== undefined && after !== undefined && ttl !== undefined && ttl.mode !== 'keep';
}

/** Last one first, each with its sides swapped. A position stays what it is, counted from the same end. */
function inverseEdits(edits: ElementEdits): ElementEdits {
  switch (edits.type) {
    case 'hash':
      return {
        type: 'hash',
        edits: edits.edits
          .map(({ field, before, after, ttl }) => ({
            field,
            ...sides(after, before),
            ...(ttl && { ttl }),
            ...heirOf(field, edits.edits),
          }))
          .reverse(),
      };
    case 'list':
      return {
        type: 'list',
        edits: edits.edits.map(({ index, before, after }) => ({ index, ...sides(after, before) })).reverse(),
      };
    case 'set':
      return {
        type: 'set',
        edits: edits.edits
          .map(({ member, before, after }) => ({ member, before: after, after: before }))
          .reverse(),
      };
    case 'zset':
      return {
        type: 'zset',
        edits: edits.edits
          .map(({ member, before, after }) => ({ member, ...sides(after, before) }))
          .reverse(),
      };
  }
}

/** The field that took over the time to live of this one gives it back. */
function heirOf(field: Buffer, edits: readonly HashEdit[]): Pick<HashEdit, 'ttlOf'> {
  const heir = edits.find(({ ttlOf }) => ttlOf?.equals(field));
  return heir ? { ttlOf: heir.field } : {};
}

function inverseOfItem(change: Of<'item.set'>, cas?: string, flagsBefore = change.flags): Change | undefined {
  if (cas === undefined || change.ttl.mode !== 'keep') return undefined;
  return { ...change, before: change.after, after: change.before, cas, flags: flagsBefore };
}

function inverseOfJson({ kind, key, path, before, after }: Of<'json.set'>, { emptied }: Applied): Change {
  if (!emptied || !before) return { kind, key, path, ...sides(after, before) };
  const { expireAtMs } = emptied;
  const ttl = expireAtMs === undefined ? ({ mode: 'keep' } as const) : ({ mode: 'set', expireAtMs } as const);
  return { kind: 'create', key, value: { type: 'json', bytes: before }, ttl };
}

function inverseOfAdd({ key, act }: Of<'stream'>, { id }: Applied): Change | undefined {
  if (act.act !== 'add' || id === undefined) return undefined;
  return { kind: 'stream', key, act: { act: 'delete', ids: [id] } };
}

function inverseOfTtl({ kind, key, ttl, before }: Of<'ttl'>): Change | undefined {
  if (!before || ttl.mode === 'keep') return undefined;
  const { expireAtMs } = before;
  return {
    kind,
    key,
    ttl: expireAtMs === undefined ? { mode: 'remove' } : { mode: 'set', expireAtMs },
    before: { expireAtMs: ttl.mode === 'set' ? ttl.expireAtMs : undefined },
  };
}
