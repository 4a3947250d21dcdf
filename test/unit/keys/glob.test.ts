import assert from 'node:assert/strict';
import fc from 'fast-check';
import { keyName, keyNameOfText, type KeyName } from '../../../src/engine/kernel/keyName';
import { keyLabel } from '../../../src/engine/keys/keyLabel';
import { bytesOfSearch, escapeGlob, globOfSearch, matchesGlob } from '../../../src/engine/keys/glob';
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
        fc.string().filter((text) => !/[*?[\\]/.test(text)),
        anyName,
        anyName,
        (text, before, after) => {
          const found = `${before}${keyNameOfText(text)}${after}` as KeyName;
          assert.ok(matchesGlob(globOfSearch(text), found));
        },
      ),
    );
  });

  it('finds each name by its label, whatever its bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => keyName(bytes)),
        anyName,
        (wanted, around) => {
          const typed = keyLabel(wanted).replace(/[*?[]/g, '\\$&');
          const glob = globOfSearch(typed);
          const found = glob.startsWith('*') ? `${around}${wanted}${around}` : wanted;
          assert.ok(matchesGlob(glob, found as KeyName), typed);
        },
      ),
    );
  });

  it('takes bytes as labels write them, and leaves the escapes of globs their meaning', () => {
    const rows: readonly (readonly [typed: string, name: Buffer])[] = [
      ['\\xac\\xed*', Buffer.from([0xac, 0xed, 0x00, 0x05])],
      ['[\\xac\\xad]?', Buffer.from([0xad, 0x00])],
      ['\\x2a*', Buffer.from('*literal')],
      ['a:\\[1\\]', Buffer.from('a:[1]')],
      ['\\u{202e}', Buffer.from('before\u202eafter')],
      ['line\\n', Buffer.from('a line\nb')],
      ['C:\\\\dir', Buffer.from('C:\\dir')],
      [' leading', Buffer.from(' leading')],
    ];
    for (const [typed, found] of rows) assert.ok(matchesGlob(globOfSearch(typed), keyName(found)), typed);
    assert.equal(matchesGlob(globOfSearch('\\x2a*'), keyNameOfText('other')), false);
    assert.equal(matchesGlob(globOfSearch(' leading'), keyNameOfText('leading')), false);
  });

  it('finds bytes in a value as they are typed, escaped only where that can be nothing else', () => {
    assert.deepEqual(bytesOfSearch('\\xff\\n'), Buffer.from([0xff, 0x0a]));
    assert.deepEqual(bytesOfSearch('a\\nb'), Buffer.from('a\\nb'));
    assert.deepEqual(bytesOfSearch('\\xzz'), Buffer.from('\\xzz'));
  });

  it('is a glob as soon as it has one, and text is UTF-8', () => {
    assert.equal(globOfSearch('user:*'), 'user:*');
    assert.equal(globOfSearch('a\\b'), '*a\\\\b*');
    assert.equal(globOfSearch('a]b'), '*a\\]b*');
    assert.ok(matchesGlob(globOfSearch('grü'), keyNameOfText('viele grüße')));
  });
});
