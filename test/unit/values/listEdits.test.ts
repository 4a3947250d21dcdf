import assert from 'node:assert/strict';
import type { ListEdit } from '../../../src/engine/connections/elementEdits';
import {
  planListEdits,
  usesBothEnds,
  type ListCheck,
  type ListPlan,
  type ListStep,
} from '../../../src/engine/values/listEdits';
import { editedList, fittingListEdits } from '../../helpers/listModel';
import { seededRandom, seedOfRun } from '../../helpers/random';

const text = (value: string): Buffer => Buffer.from(value);
const tombstone = text('†');

/** What a server makes of a plan; a conflict gives the number of the edit that met it. */
function carriedOut(list: readonly Buffer[], { checks, steps, length }: ListPlan): Buffer[] | number {
  assert.ok(length === undefined || length === list.length);
  const unfulfilled = checks.find((check) => !fulfils(list, check));
  if (unfulfilled) return unfulfilled.edit;
  const now = [...list];
  for (const step of steps) carryOut(now, step);
  return now.filter((bytes) => bytes !== tombstone);
}

function fulfils(list: readonly Buffer[], check: ListCheck): boolean {
  if (check.kind === 'element') return list.at(check.at)?.equals(check.bytes) ?? false;
  if (check.kind === 'atLeast') return list.length >= check.length;
  return check.kind === 'exactly' && list.length === check.length;
}

function carryOut(now: Buffer[], step: ListStep): void {
  const at = step.at < 0 ? now.length + step.at : step.at;
  if (step.kind === 'insert') {
    now.splice(Math.max(0, step.at < 0 ? at + 1 : at), 0, step.bytes);
    return;
  }
  assert.ok(at >= 0 && at < now.length, 'a step names an element that is there');
  now[at] = step.kind === 'set' ? step.bytes : tombstone;
}

const plan = (list: readonly Buffer[], edits: readonly ListEdit[]): ListPlan =>
  planListEdits(edits, usesBothEnds(edits) ? list.length : undefined);

describe('edits of a list', () => {
  const abc = ['a', 'b', 'c'].map(text);

  it('are about the list as the edits before leave it', () => {
    const edits: ListEdit[] = [
      { index: 0, before: text('a') },
      { index: 0, before: text('b'), after: text('B') },
      { index: 1, after: text('new'), pivot: text('c') },
      { index: 1, before: text('new'), after: text('newer') },
      { index: 3, after: text('end'), pivot: null },
    ];
    assert.deepEqual(carriedOut(abc, plan(abc, edits)), ['B', 'newer', 'c', 'end'].map(text));
  });

  it('need no length when they count from one end', () => {
    const fromEnd: ListEdit[] = [
      { index: -1, after: text('d'), pivot: null },
      { index: -2, before: text('c') },
      { index: -3, after: text('x'), pivot: text('b') },
    ];
    assert.equal(usesBothEnds(fromEnd), false);
    assert.deepEqual(carriedOut(abc, planListEdits(fromEnd)), ['a', 'x', 'b', 'd'].map(text));
    assert.throws(() => planListEdits([...fromEnd, { index: 0, after: text('y') }]), /length/);
  });

  it('name the edit that does not fit', () => {
    const first: ListEdit = { index: 0, before: text('a'), after: text('A') };
    const wrong: ListEdit[] = [
      { index: 1, before: text('x') },
      { index: 3, before: text('d') },
      { index: 0, before: text('a') },
      { index: 5, after: text('far') },
      { index: 1, after: text('y'), pivot: text('c') },
      { index: 1, after: text('y'), pivot: null },
      { index: -4, before: text('a') },
      { index: -1, after: text('y'), pivot: text('c') },
      { index: -2, after: text('y'), pivot: null },
    ];
    for (const edit of wrong)
      assert.equal(carriedOut(abc, plan(abc, [first, edit])), 1, JSON.stringify(edit));
  });

  it('are refused when one has no side', () => {
    assert.throws(() => planListEdits([{ index: 0 }]), /name an element/);
  });

  const seed = seedOfRun();
  it(`do to any list what they do to an array (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const element = (): Buffer => text(random.pick(['a', 'b', 'c', '']));
    for (let round = 0; round < 3000; round++) {
      const list = Array.from({ length: random.below(6) }, element);
      const edits = fittingListEdits(random, list, 1 + random.below(8), element);
      const expected = editedList(list, edits);
      assert.ok(expected);
      assert.deepEqual(carriedOut(list, plan(list, edits)), expected, `round ${round}`);
    }
  });

  it(`fit a list exactly when they fit an array (seed ${seed})`, () => {
    const random = seededRandom(seed + 1);
    const element = (): Buffer => text(random.pick(['a', 'b']));
    let conflicts = 0;
    for (let round = 0; round < 3000; round++) {
      const list = Array.from({ length: random.below(5) }, element);
      const other = Array.from({ length: random.below(5) }, element);
      const edits = fittingListEdits(random, list, 1 + random.below(5), element);
      const expected = editedList(other, edits);
      if (!expected) conflicts++;
      const made = carriedOut(other, plan(other, edits));
      if (expected) assert.deepEqual(made, expected, `round ${round}`);
      else assert.equal(typeof made, 'number', `round ${round}`);
    }
    assert.ok(conflicts > 500 && conflicts < 2900, String(conflicts));
  });
});
