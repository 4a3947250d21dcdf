import { draftKey } from '../../protocol/draftKey';
import { type DraftMap, moved, settled, type Saved } from '../../protocol/draftSaved';
import type { ChangeDto, DraftDto } from '../../protocol/valueChange';

/** One draft that a person changed, begun or took back: what it was, and what it is since. */
export interface DraftStep {
  readonly key: string;
  readonly before: DraftDto | undefined;
  readonly after: DraftDto | undefined;
  /** How many saves there were when it was made. */
  readonly era: number;
}

/**
 * The unsaved edits of one value. Steps of a draft that was saved since are spent: neither undo nor redo brings back
 * as unsaved what was applied.
 */
export class HeldDrafts {
  private all: DraftMap;
  /** Eras in which drafts were saved, by their keys. */
  private readonly endings = new Map<string, number>();
  private era = 0;
  private changes = 0;

  constructor(drafts: readonly DraftDto[] = []) {
    this.all = byKey(drafts);
  }

  get drafts(): DraftDto[] {
    return [...this.all.values()];
  }

  /** Rises with every change that the page did not make. */
  get revision(): number {
    return this.changes;
  }

  get isEmpty(): boolean {
    return this.all.size === 0;
  }

  get(key: string): DraftDto | undefined {
    return this.all.get(key);
  }

  /** Takes what a page tells, and gives what changed; nothing from a page that has not seen the newest revision. */
  hold(drafts: readonly DraftDto[], revision: number): readonly DraftStep[] {
    if (revision !== this.changes) return [];
    const before = this.all;
    this.all = byKey(drafts);
    const keys = new Set([...before.keys(), ...this.all.keys()]);
    return [...keys].flatMap((key) => {
      const step = { key, before: before.get(key), after: this.all.get(key), era: this.era };
      return JSON.stringify(step.before) === JSON.stringify(step.after) ? [] : [step];
    });
  }

  undo(steps: readonly DraftStep[]): void {
    for (const { key, before, era } of [...steps].reverse()) this.put(key, before, era);
    this.changes++;
  }

  redo(steps: readonly DraftStep[]): void {
    for (const { key, after, era } of steps) this.put(key, after, era);
    this.changes++;
  }

  /** A save was applied: of `sent`, or of a change that moved elements which have drafts. */
  applied(change: ChangeDto, sent?: DraftDto, saved?: Saved): void {
    const before = this.all;
    if (sent && saved) this.all = settled(this.all, sent, saved);
    if (change.kind === 'elements') this.all = moved(this.all, change);
    this.era++;
    if (sent) this.endings.set(draftKey(sent.target), this.era);
    for (const [key, draft] of before) if (this.all.get(key) !== draft) this.endings.set(key, this.era);
    this.changes++;
  }

  /** Gives all of them up. */
  clear(): void {
    this.era++;
    for (const key of this.all.keys()) this.endings.set(key, this.era);
    this.all = new Map();
    this.changes++;
  }

  private put(key: string, draft: DraftDto | undefined, era: number): void {
    if (era < (this.endings.get(key) ?? 0)) return;
    const next = new Map(this.all);
    if (draft) next.set(key, draft);
    else next.delete(key);
    this.all = next;
  }
}

function byKey(drafts: readonly DraftDto[]): DraftMap {
  return new Map(drafts.map((draft) => [draftKey(draft.target), draft]));
}
