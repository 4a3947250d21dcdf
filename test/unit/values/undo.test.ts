import assert from 'node:assert/strict';
import type { Applied, Change } from '../../../src/engine/connections/change';
import type { OpenedValue } from '../../../src/engine/keys/openValue';
import { casOfOurs } from '../../../src/engine/values/casOfOurs';
import { inverseOf } from '../../../src/engine/values/undo';
import { textOf } from '../../helpers/contentOnServer';
import {
  editedContent,
  elementTypes,
  fittingEdits,
  isEmpty,
  randomContent,
} from '../../helpers/elementModel';
import { seededRandom, seedOfRun } from '../../helpers/random';

const applied: Applied = { status: 'applied' };
const key = Buffer.from('k');
const text = (value: string): Buffer => Buffer.from(value);
const keep = { mode: 'keep' } as const;
const seed = seedOfRun();

describe('the undo of a change', () => {
  for (const type of elementTypes) {
    it(`gives a ${type} back as it was (seed ${seed})`, () => {
      const random = seededRandom(seed + elementTypes.indexOf(type));
      for (let round = 0; round < 500; round++) {
        const before = randomContent(random, type);
        const edits = fittingEdits(random, before, 1 + random.below(6));
        const after = editedContent(before, edits);
        assert.ok(after);
        const emptied = isEmpty(after) ? { emptied: { expireAtMs: 5 } } : {};
        const inverse = inverseOf({ kind: 'elements', key, edits }, { ...applied, ...emptied });
        assert.ok(inverse?.kind === 'elements');
        assert.deepEqual(inverse.recreate, emptied.emptied);
        const back = editedContent(after, inverse.edits);
        assert.equal(back && textOf(back), textOf(before), `round ${round}`);
      }
    });
  }

  it('gives a field its time to live back that went with it, and is none where it would be lost', () => {
    const ttl = { mode: 'set', expireAtMs: 7 } as const;
    const field = text('f');
    const of = (edit: object): Change | undefined =>
      inverseOf(
        { kind: 'elements', key, edits: { type: 'hash', edits: [{ field, ttl, ...edit }] } },
        applied,
      );
    const added: Change = {
      kind: 'elements',
      key,
      edits: { type: 'hash', edits: [{ field, after: text('v'), ttl }] },
    };
    assert.deepEqual(of({ before: text('v') }), added);
    assert.equal(of({ before: text('v'), after: text('w') }), undefined);
  });

  it('swaps the sides of a string, a field, a JSON path and an item', () => {
    const [a, b] = [text('a'), text('b')];
    const pairs: [Change, Change][] = [
      [
        { kind: 'string.set', key, before: a, after: b, ttl: keep },
        { kind: 'string.set', key, before: b, after: a, ttl: keep },
      ],
      [
        { kind: 'elements', key, edits: { type: 'hash', edits: [{ field: a, after: b }] } },
        { kind: 'elements', key, edits: { type: 'hash', edits: [{ field: a, before: b }] } },
      ],
      [
        { kind: 'json.set', key, path: '$.a', after: a },
        { kind: 'json.set', key, path: '$.a', before: a },
      ],
    ];
    for (const [change, inverse] of pairs) assert.deepEqual(inverseOf(change, applied), inverse);
    const item = { kind: 'item.set', key, before: a, after: b, cas: '1', flags: 3, ttl: keep } as const;
    assert.deepEqual(inverseOf(item, applied, '2', 4), { ...item, before: b, after: a, cas: '2', flags: 4 });
    assert.equal(inverseOf(item, applied), undefined);
  });

  it('makes a JSON key anew whose root was taken, with its expiry', () => {
    const bytes = text('{}');
    const taken: Change = { kind: 'json.set', key, path: '$', before: bytes };
    const value = { type: 'json', bytes } as const;
    assert.deepEqual(inverseOf(taken, { ...applied, emptied: { expireAtMs: 9 } }), {
      ...{ kind: 'create', key, value, ttl: { mode: 'set', expireAtMs: 9 } },
    });
    assert.deepEqual(inverseOf(taken, { ...applied, emptied: {} }), {
      kind: 'create',
      key,
      value,
      ttl: keep,
    });
  });

  it('deletes the entry that was added, renames back, and gives the time to live back', () => {
    const add: Change = { kind: 'stream', key, act: { act: 'add', id: '*', fields: [] } };
    const gone: Change = { kind: 'stream', key, act: { act: 'delete', ids: ['1-1'] } };
    assert.deepEqual(inverseOf(add, { ...applied, id: '1-1' }), gone);
    const to = text('to');
    assert.deepEqual(inverseOf({ kind: 'rename', key, to, replace: false }, applied), {
      ...{ kind: 'rename', key: to, to: key, replace: false },
    });
    const before = { expireAtMs: undefined };
    const set = { mode: 'set', expireAtMs: 5 } as const;
    assert.deepEqual(inverseOf({ kind: 'ttl', key, ttl: set, before }, applied), {
      ...{ kind: 'ttl', key, ttl: { mode: 'remove' }, before: { expireAtMs: 5 } },
    });
    assert.deepEqual(
      inverseOf({ kind: 'ttl', key, ttl: { mode: 'remove' }, before: { expireAtMs: 5 } }, applied),
      { kind: 'ttl', key, ttl: set, before },
    );
  });

  it('is none where something would stay lost', () => {
    const ttl = { mode: 'remove' } as const;
    const changes: Change[] = [
      { kind: 'string.set', key, before: key, after: key, ttl },
      { kind: 'item.set', key, before: key, after: key, cas: '1', flags: 0, ttl },
      { kind: 'ttl', key, ttl },
      { kind: 'ttl', key, ttl: keep, before: { expireAtMs: 1 } },
      { kind: 'rename', key, to: key, replace: true },
      { kind: 'duplicate', key, to: key, replace: false },
      { kind: 'create', key, value: { type: 'string', bytes: key }, ttl },
      { kind: 'restore', key, payload: key, ttl, replace: false },
      { kind: 'stream', key, act: { act: 'delete', ids: ['1-1'] } },
      { kind: 'stream', key, act: { act: 'add', id: '*', fields: [] } },
    ];
    for (const change of changes) assert.equal(inverseOf(change, applied, '2'), undefined, change.kind);
  });

  it('is none for an item of which another state was read than the one that was replaced, or than ours', () => {
    const item = (bytes: string, cas: string, flags: number): OpenedValue => ({
      facts: { type: 'item', typeName: 'item', cas, flags },
      page: { kind: 'bytes', offset: 0, total: bytes.length, bytes: text(bytes) },
    });
    const change: Change = {
      kind: 'item.set', key, before: text('a'), after: text('b'), cas: '2', flags: 0, ttl: keep,
    }; // prettier-ignore
    const [seen, ours] = [item('a', '2', 5), item('b', '3', 0)];
    assert.equal(casOfOurs(change, seen, ours), '3');
    assert.equal(casOfOurs(change, item('older', '1', 0), ours), undefined, 'theirs were other flags');
    assert.equal(casOfOurs(change, seen, item('b', '4', 5)), undefined);
    assert.equal(casOfOurs(change, seen, item('c', '4', 0)), undefined);
  });
});
