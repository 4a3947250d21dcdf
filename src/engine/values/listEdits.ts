import type { ListEdit } from '../connections/elementEdits';
import { invalid } from '../kernel/errors';

/**
 * What a list, as it is, must fulfil before anything is written. Positions count as the server counts them:
 * negative ones from the end. `edit` is the edit that needs it.
 */
export type ListCheck = { readonly edit: number } & (
  | { readonly kind: 'element'; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'atLeast' | 'exactly'; readonly length: number }
  /** Cannot be fulfilled: the edits contradict each other. */
  | { readonly kind: 'gone' | 'changed' }
);

/**
 * One step of the writing, in the list as the steps before leave it. `mark` puts a tombstone, and all marked
 * elements are removed at the very end. `insert` comes before the element `at` (at the end when there is none), for
 * negative positions after it (at the beginning when there is none).
 */
export type ListStep =
  | { readonly kind: 'set' | 'insert'; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'mark'; readonly at: number };

/** Edits of a list as checks and steps. */
export interface ListPlan {
  readonly checks: readonly ListCheck[];
  readonly steps: readonly ListStep[];
  /** The plan holds for a list of this length only. */
  readonly length?: number;
}

/** Whether edits count from both ends, so that a plan of them needs the length of the list. */
export function usesBothEnds(edits: readonly ListEdit[]): boolean {
  return edits.some(({ index }) => index < 0) && edits.some(({ index }) => index >= 0);
}

/** Translates edits that follow one another. `length` is that of the list now; needed only when `usesBothEnds`. */
export function planListEdits(edits: readonly ListEdit[], length?: number): ListPlan {
  if (!usesBothEnds(edits)) return new Planner((edits[0]?.index ?? 0) < 0).plan(edits);
  if (length === undefined) throw invalid('Edits from both ends of a list need its length');
  return { ...new Planner(false).plan(countedFromStart(edits, length)), length };
}

function countedFromStart(edits: readonly ListEdit[], length: number): ListEdit[] {
  let now = length;
  return edits.map((edit) => {
    const inserts = edit.before === undefined;
    const index = edit.index < 0 ? now + edit.index + (inserts ? 1 : 0) : edit.index;
    now += Number(edit.after !== undefined) - Number(!inserts);
    return { ...edit, index };
  });
}

/** A position that an edit has touched; `bytes` undefined: marked for removal. */
interface Touched {
  at: number;
  readonly inserted: boolean;
  bytes?: Buffer;
}

/**
 * Follows edits through a list it does not see. Three counts of one element: in the list as the person sees it
 * (`index`), with the marked ones still in it (`at`), and before all edits (what checks are about). When
 * `mirrored`, all of them count from the end, and turn negative only on the way out.
 */
class Planner {
  private readonly touched: Touched[] = [];
  private readonly checks: ListCheck[] = [];
  private readonly steps: ListStep[] = [];
  private growth = 0;

  constructor(private readonly mirrored: boolean) {}

  plan(edits: readonly ListEdit[]): ListPlan {
    edits.forEach((edit, i) => {
      this.follow(edit, i);
    });
    return { checks: this.checks, steps: this.steps };
  }

  private follow({ index: given, before, after, pivot }: ListEdit, edit: number): void {
    const index = this.mirrored ? -1 - given : given;
    if (index < 0) this.checks.push({ kind: 'gone', edit });
    else if (before !== undefined) this.change(index, before, after, edit);
    else if (after !== undefined) this.insert(index, after, pivot, edit);
    else throw invalid('An edit of a list must name an element that is there, or one to insert');
  }

  private change(index: number, before: Buffer, after: Buffer | undefined, edit: number): void {
    this.expect(index, before, edit);
    const at = this.placeOf(index);
    this.touch(at, after);
    this.steps.push(
      after ? { kind: 'set', at: this.out(at), bytes: after } : { kind: 'mark', at: this.out(at) },
    );
    if (!after) this.growth--;
  }

  private insert(index: number, bytes: Buffer, pivot: Buffer | null | undefined, edit: number): void {
    this.checks.push({ kind: 'atLeast', length: index - this.growth, edit });
    if (pivot !== undefined) this.expectPivot(index, pivot, edit);
    const at = this.placeOf(index);
    for (const other of this.touched) if (other.at >= at) other.at++;
    this.touched.push({ at, inserted: true, bytes });
    this.touched.sort((a, b) => a.at - b.at);
    this.steps.push({ kind: 'insert', at: this.out(at), bytes });
    this.growth++;
  }

  /** What follows the insertion: from the end, that is the element one nearer to the end. */
  private expectPivot(index: number, pivot: Buffer | null, edit: number): void {
    const next = this.mirrored ? index - 1 : index;
    const isEnd = this.mirrored && next < 0;
    if (pivot === null && !this.mirrored)
      this.checks.push({ kind: 'exactly', length: index - this.growth, edit });
    else if ((pivot === null) !== isEnd) this.checks.push({ kind: 'changed', edit });
    else if (pivot !== null) this.expect(next, pivot, edit);
  }

  private expect(index: number, bytes: Buffer, edit: number): void {
    const at = this.placeOf(index);
    const known = this.touched.find((other) => other.at === at);
    const below = this.touched.filter((other) => other.inserted && other.at < at).length;
    if (!known) this.checks.push({ kind: 'element', at: this.out(at - below), bytes, edit });
    else if (!known.bytes?.equals(bytes)) this.checks.push({ kind: 'changed', edit });
  }

  /** Where the element at `index` is while the marked ones are still in the list. */
  private placeOf(index: number): number {
    let at = index;
    for (const other of this.touched) if (!other.bytes && other.at <= at) at++;
    return at;
  }

  private touch(at: number, bytes: Buffer | undefined): void {
    const known = this.touched.find((other) => other.at === at);
    if (!known) {
      this.touched.push({ at, inserted: false, ...(bytes && { bytes }) });
      this.touched.sort((a, b) => a.at - b.at);
    } else if (bytes) known.bytes = bytes;
    else delete known.bytes;
  }

  private out(at: number): number {
    return this.mirrored ? -1 - at : at;
  }
}
