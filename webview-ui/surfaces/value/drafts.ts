import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { ChangeDto } from '../../../src/protocol/valueChange';
import { base64OfBytes } from '../../app/bytes';
import { parseEscaped } from '../../app/escapedText';
import { type Draft, draftKey, isDirty, isNew, type Target } from './draft';
import { movedIndex } from './movedIndex';

/** The unsaved edits of a panel, by `draftKey`. They outlive every snapshot; only a save or the person ends one. */
export class Drafts {
  private readonly all = signal<ReadonlyMap<string, Draft>>(new Map());
  /** Edits that would change something. */
  readonly dirty: ReadonlySignal<readonly Draft[]> = computed(() =>
    [...this.all.value.values()].filter(isDirty),
  );

  get(key: string): Draft | undefined {
    return this.all.value.get(key);
  }

  put(draft: Draft): void {
    this.all.value = new Map(this.all.value).set(draftKey(draft.target), draft);
  }

  remove(key: string): void {
    const left = new Map(this.all.value);
    left.delete(key);
    this.all.value = left;
  }

  clear(): void {
    this.all.value = new Map();
  }

  /** Elements of a list were added or taken away: the edits of those behind them move along. */
  follow({ elements }: Extract<ChangeDto, { kind: 'elements' }>): void {
    if (elements.type !== 'list') return;
    const moved = [...this.all.value.values()].flatMap((draft): Draft[] => {
      const { target } = draft;
      if (target.kind !== 'list' || target.index === undefined) return [draft];
      const index = movedIndex(elements.edits, target.index);
      return index === undefined ? [] : [{ ...draft, target: { kind: 'list', index } }];
    });
    this.all.value = new Map(moved.map((draft) => [draftKey(draft.target), draft]));
  }

  /** A save of `sent` was applied. What was typed meanwhile stays, now based on what is saved. */
  settle(sent: Draft, saved: string, cas: string | undefined): void {
    const key = draftKey(sent.target);
    const now = this.get(key);
    if (now === undefined || isSame(now, sent)) return this.remove(key);
    if (isNew(sent)) return;
    const { name, ...rest } = now;
    this.remove(key);
    this.put({
      ...rest,
      ...(name !== undefined && name !== sent.name && { name }),
      target: withCas(savedTarget(sent, saved), cas),
      before: saved,
      shown: sent.text,
    });
  }
}

function isSame(one: Draft, other: Draft): boolean {
  return one.text === other.text && one.name === other.name && one.score === other.score;
}

/** What an edit is of once it was saved: an element may have another name then. */
function savedTarget({ target, name, score }: Draft, saved: string): Target {
  switch (target.kind) {
    case 'hash': {
      const parsed = name === undefined ? undefined : parseEscaped(name);
      return parsed && 'bytes' in parsed ? { ...target, field: base64OfBytes(parsed.bytes) } : target;
    }
    case 'set':
      return { ...target, member: saved };
    case 'zset':
      return { ...target, member: saved, score: score ?? target.score };
    default:
      return target;
  }
}

/** An item was written anew with these flags, its value as it was: an edit of it goes on from there. */
export function withFlags(draft: Draft, flags: number, cas: string): Draft {
  return draft.target.kind === 'item' ? { ...draft, target: { kind: 'item', cas, flags } } : draft;
}

function withCas(target: Target, cas: string | undefined): Target {
  return target.kind === 'item' && cas !== undefined ? { ...target, cas } : target;
}
