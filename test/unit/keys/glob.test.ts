import assert from 'node:assert/strict';
import fc from 'fast-check';
import { keyName, keyNameOfText, type KeyName } from '../../../src/engine/kernel/keyName';
import { escapeGlob, globOfSearch, matchesGlob } from '../../../src/engine/keys/glob';
import { redisMatches } from './redisGlob';

const name = (text: string): KeyName => text as KeyName;
const anyName = fc.uint8Array({ maxLength: 20 }).map((bytes) => keyName(bytes));
const globLike = fc.string({
  unit: fc.constantFrom('*', '?', '[', ']', '^', '-', '\\', 'a', 'b', 'c'),
  maxLength: 12,
});
const nameLike = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-', ']', '^', '\\', '*'), maxLength: 8 });

describe('a glob', () => {
  it('matches as a simple reading of the rules of Redis does', () => {
    fc.assert(
      fc.property(globLike, nameLike, (glob, text) => {
        assert.equal(matchesGlob(name(glob), name(text)), redisMatches(glob, text), `${glob} on ${text}`);
      }),
      { numRuns: 20_000 },
    );
  });

  const rows: readonly [glob: string, text: string, matches: boolean][] = [
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['**', 'a', true],
    ['?', '', false],
    ['a*b*c', 'aXbYbZc', true],
    ['[^a]', 'a', false],
    ['[^a]', 'b', true],
    ['[c-a]', 'b', true],
    ['[a-]', '-', false],
    ['[\\]]', ']', true],
    ['[\\a-c]', 'b', false],
    ['[\\a-c]', '-', true],
    ['[abc', 'b', true],
    ['[', '[', false],
    ['[]', 'a', false],
    ['a\\', 'a\\', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['__proto__', '__proto__', true],
    ['\xff?', '\xff\x00', true],
  ];
  for (const [glob, text, matches] of rows) {
    it(`${JSON.stringify(glob)} ${matches ? 'matches' : 'does not match'} ${JSON.stringify(text)}`, () => {
      assert.equal(matchesGlob(name(glob), name(text)), matches);
    });
  }

  it('comes to an end with many stars, where trying each of them again would take years', () => {
    const text = name('a'.repeat(20_000));
    assert.equal(matchesGlob(name(`${'*a'.repeat(40)}b`), text), false);
    assert.equal(matchesGlob(name(`${'a*'.repeat(40)}b*`), text), false);
    assert.equal(matchesGlob(name('*a'.repeat(40)), text), true);
  });

  it('made of a name matches that name and no other', () => {
    fc.assert(
      fc.property(anyName, anyName, (a, b) => {
        assert.equal(matchesGlob(escapeGlob(a), b), a === b);
        assert.ok(matchesGlob(escapeGlob(a), a));
      }),
    );
  });
});

describe('what is typed in a search box', () => {
  it('is looked for anywhere in the name when it has no wildcard', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !/[*?[]/.test(text)),
        anyName,
        anyName,
        (text, before, after) => {
          const found = `${before}${keyNameOfText(text)}${after}` as KeyName;
          assert.ok(matchesGlob(globOfSearch(text), found));
        },
      ),
    );
  });

  it('is a glob as soon as it has one, and text is UTF-8', () => {
    assert.equal(globOfSearch('user:*'), 'user:*');
    assert.equal(globOfSearch('a\\b'), '*a\\\\b*');
    assert.equal(globOfSearch('a]b'), '*a\\]b*');
    assert.ok(matchesGlob(globOfSearch('grü'), keyNameOfText('viele grüße')));
  });
});
