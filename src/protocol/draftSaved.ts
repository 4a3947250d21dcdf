import { draftKey, isNew } from './draftKey';
import { movedIndex } from './movedIndex';
import type { ChangeDto, DraftDto, TargetDto } from './valueChange';

/** Unsaved edits by `draftKey`. */
export type DraftMap = ReadonlyMap<string, DraftDto>;

/** What a draft became on the server; bytes in base64. */
export interface Saved {
  readonly after: string;
  /** The name it was given, of a field. */
  readonly name?: string | undefined;
  readonly cas?: string | undefined;
}

/** The drafts after a save of `sent` was applied. What was typed meanwhile stays, now based on what is saved. */
export function settled(drafts: DraftMap, sent: DraftDto, saved: Saved): DraftMap {
  const key = draftKey(sent.target);
  const now = drafts.get(key);
  if (now !== undefined && !isSame(now, sent) && isNew(sent)) return drafts;
  const left = new Map(drafts);
  left.delete(key);
  if (now === undefined || isSame(now, sent)) return left;
  const { name, ...rest } = now;
  const rebased: DraftDto = {
    ...rest,
    ...(name !== undefined && name !== sent.name && { name }),
    target: savedTarget(sent, saved),
    before: saved.after,
    shown: sent.text,
  };
  return left.set(draftKey(rebased.target), rebased);
}

/** Elements of a list were added or taken away: the edits of those behind them move along. */
export function moved(drafts: DraftMap, { elements }: Extract<ChangeDto, { kind: 'elements' }>): DraftMap {
  if (elements.type !== 'list') return drafts;
  const all = [...drafts.values()].flatMap((draft): DraftDto[] => {
    const { target } = draft;
    if (target.kind !== 'list' || target.index === undefined) return [draft];
    const index = movedIndex(elements.edits, target.index);
    return index === undefined ? [] : [{ ...draft, target: { kind: 'list', index } }];
  });
  return new Map(all.map((draft) => [draftKey(draft.target), draft]));
}

function isSame(one: DraftDto, other: DraftDto): boolean {
  return one.text === other.text && one.name === other.name && one.score === other.score;
}

/** What an edit is of once it was saved: an element may have another name then, an item another CAS. */
function savedTarget({ target, score }: DraftDto, { after, name, cas }: Saved): TargetDto {
  switch (target.kind) {
    case 'hash':
      return name === undefined ? target : { ...target, field: name };
    case 'set':
      return { ...target, member: after };
    case 'zset':
      return { ...target, member: after, score: score ?? target.score };
    case 'item':
      return cas === undefined ? target : { ...target, cas };
    default:
      return target;
  }
}
