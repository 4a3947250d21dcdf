import assert from 'node:assert/strict';
import { changeOfDto } from '../../../src/extension/panels/changeOfDto';
import { patternOf, ViewPreferences } from '../../../src/extension/panels/viewPreferences';
import { cellDigest } from '../../../src/engine/values/cellDigest';
import { wholeEdits } from '../../../src/extension/panels/wholeEdits';
import type { ChangeDto } from '../../../src/protocol/valueChange';

const key = Buffer.from('k');
const b64 = (text: string): string => Buffer.from(text).toString('base64');

describe('A change of a panel', () => {
  it('is one of its key, with bytes and absolute times', () => {
    const dto: ChangeDto = {
      kind: 'elements',
      elements: {
        type: 'hash',
        edits: [
          { field: b64('f'), before: b64('v'), after: b64('v'), ttlSeconds: 60 },
          { field: b64('g'), before: b64('v'), after: b64('v'), ttlSeconds: null },
          { field: b64('h'), before: b64('v') },
        ],
      },
    };
    const v = Buffer.from('v');
    assert.deepEqual(changeOfDto(key, dto, 1000), {
      kind: 'elements',
      key,
      edits: {
        type: 'hash',
        edits: [
          { field: Buffer.from('f'), before: v, after: v, ttl: { mode: 'set', expireAtMs: 61_000 } },
          { field: Buffer.from('g'), before: v, after: v, ttl: { mode: 'remove' } },
          { field: Buffer.from('h'), before: v },
        ],
      },
    });
  });

  it('tells an end of a list from an element that is not checked', () => {
    const edits = [
      { index: 0, pivot: null, after: b64('x') },
      { index: -1, after: b64('y') },
    ];
    const change = changeOfDto(key, { kind: 'elements', elements: { type: 'list', edits } }, 0);
    assert.ok(change.kind === 'elements' && change.edits.type === 'list');
    assert.deepEqual(
      change.edits.edits.map(({ pivot }) => pivot),
      [null, undefined],
    );
  });
});

describe('An edit of which the page saw only the start', () => {
  const edit = (beforeSize: number): ChangeDto => ({
    kind: 'elements',
    elements: { type: 'list', edits: [{ index: 4, before: b64('head'), beforeSize }] },
  });

  it('is compared with the whole element', async () => {
    const read: unknown[] = [];
    const whole = await wholeEdits(edit(9), (element) => {
      read.push(element);
      return Promise.resolve(Buffer.from('head+rest'));
    });
    assert.deepEqual(read, [{ kind: 'list', index: 4 }]);
    assert.ok(whole?.kind === 'elements' && whole.elements.type === 'list');
    assert.equal(whole.elements.edits[0]?.before, b64('head+rest'));
  });

  it('is refused when only the part that was not shown is another, of the same length', async () => {
    const now = Buffer.from('head+REST');
    const seen = edit(9);
    assert.ok(seen.kind === 'elements' && seen.elements.type === 'list');
    const [first] = seen.elements.edits;
    assert.ok(first);
    const edits = [{ ...first, beforeDigest: cellDigest(Buffer.from('head+rest')) }];
    const digested: ChangeDto = { kind: 'elements', elements: { type: 'list', edits } };
    assert.equal(await wholeEdits(digested, () => Promise.resolve(now)), undefined);
    assert.ok(await wholeEdits(digested, () => Promise.resolve(Buffer.from('head+rest'))));
  });

  it('that renames a field hands its time to live on', () => {
    const edits = [
      { field: b64('f'), before: b64('v') },
      { field: b64('g'), after: b64('v'), ttlOf: b64('f') },
    ];
    const change = changeOfDto(key, { kind: 'elements', elements: { type: 'hash', edits } }, 1000);
    assert.ok(change.kind === 'elements' && change.edits.type === 'hash');
    assert.deepEqual(change.edits.edits[1]?.ttlOf, Buffer.from('f'));
  });

  for (const [what, now] of [
    ['starts otherwise', 'HEAD+rest'],
    ['has another length', 'head+rest!'],
    ['is gone', undefined],
  ] as const) {
    it(`is refused when the element ${what}`, async () => {
      const read = () => Promise.resolve(now === undefined ? undefined : Buffer.from(now));
      assert.equal(await wholeEdits(edit(9), read), undefined);
    });
  }
});

describe('Views chosen for keys', () => {
  const memory = () => {
    let value: unknown;
    return {
      get: () => value,
      keys: () => [],
      update: (_: string, next: unknown) => {
        value = next;
        return Promise.resolve();
      },
    };
  };

  it('count for keys of the same pattern', async () => {
    const preferences = new ViewPreferences(memory());
    await preferences.set('user:42:profile', 'gzip+json');
    assert.equal(preferences.get('user:7:profile'), 'gzip+json');
    assert.equal(preferences.get('user:7:cart'), undefined);
    await preferences.set('user:9:profile', undefined);
    assert.equal(preferences.get('user:42:profile'), undefined);
  });

  it('see ids of every kind as one', () => {
    assert.equal(patternOf('s:0b5ad3f0-7b0c-4c7e-9d0e-0d4f6d1f2a3b:2024'), 's:*:*');
    assert.equal(patternOf('h:0123456789abcdef0123'), 'h:*');
  });

  it('are bounded, and survive a state that is none of theirs', async () => {
    const memento = memory();
    await memento.update('', { not: 'ours' });
    const preferences = new ViewPreferences(memento);
    assert.equal(preferences.get('a'), undefined);
    for (let at = 0; at < 300; at++) await preferences.set(String.fromCodePoint(0x4e00 + at), 'hex');
    assert.equal(preferences.get(String.fromCodePoint(0x4e00)), undefined);
    assert.equal(preferences.get(String.fromCodePoint(0x4e00 + 299)), 'hex');
  });
});
