import { strict as assert } from 'node:assert';
import { isNameTyped, plainEntry, plainError, plainLine, plainLines } from '../../../src/extension/plainText';

/** What the editor takes for a link (its `linkedText.ts`). */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
/** What the editor takes for an icon (its `iconLabels.ts`). */
const icon = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;

const hostile = [
  '[Fix connection](command:workbench.action.openGlobalSettings)',
  '[a](https://example.org "title")',
  '[a](file:///etc/passwd)',
  '[a]\u200b(command:x)[b](command:y)',
  '[a\n](command:x)',
  '[a]\n(command:x)',
  '[[a]](command:x)',
  '$(sync~spin) $($(check))',
];

describe('text that the editor shows', () => {
  for (const text of hostile) {
    it(`holds no link and no icon: ${JSON.stringify(text)}`, () => {
      for (const plain of [plainLine(text), plainLines(text), plainEntry(text), plainError(text).message]) {
        assert.doesNotMatch(plain, link);
        assert.doesNotMatch(plain, icon);
      }
    });
  }

  it('says what was broken as names of keys do', () => {
    assert.equal(plainLine('[a](command:x) $(sync)'), String.raw`[a]\x28command:x) \x24(sync)`);
  });

  it('keeps what is only text', () => {
    const text = 'Größe (a) [b] (c) $5 {x} نص می\u200cخواهم 👩\u200d🚒';
    assert.equal(plainLine(text), text);
  });

  it('shows what turns the direction of writing, and what hides', () => {
    assert.equal(
      plainLine('a\u202eb\u2066c\u200fd\u001b[31me\u0000f\ufeffg'),
      String.raw`a\u{202e}b\u{2066}c\u{200f}d\x1b[31me\x00f\u{feff}g`,
    );
  });

  it('is one line where it is a line', () => {
    for (const separator of ['\n', '\r\n', '\r']) assert.equal(plainLine(`a${separator}b`), 'a b');
    assert.doesNotMatch(plainLine('a\u2028b\u2029c\u0085d'), /[\u2028\u2029\u0085]/);
    assert.equal(plainLines('a\r\nb'), 'a\nb');
    assert.equal(plainEntry('a\n2026-01-01 [error] forged'), 'a 2026-01-01 [error] forged');
  });

  it('is bounded, and keeps how it begins and how it ends', () => {
    const long = plainLine(`It failed: ${'👍'.repeat(100_000)}. Try again.`);
    assert.ok(long.length <= 900, `${long.length} characters`);
    assert.match(long, /^It failed: .*….*\. Try again\.$/u);
    assert.doesNotMatch(long, /\p{Surrogate}/u);
    assert.ok(plainLines('x'.repeat(1e6)).length <= 4000);
  });

  it('makes no link of the two ends that are left of a long text', () => {
    const text = `[a]${'x'.repeat(2000)}(command:x)`;
    for (let cut = 0; cut < 700; cut++)
      assert.doesNotMatch(plainLine(`${'y'.repeat(cut)}${text}${'z'.repeat(cut)}`), link);
  });

  it('can be typed as it is shown, or as it is', () => {
    for (const name of ['Payments [EU](prod)', '$(prod)', 'a\u202eb', 'two\nlines', 'plain']) {
      assert.ok(isNameTyped(plainLine(name), name), name);
      assert.ok(isNameTyped(name, name));
      for (const other of ['', name.slice(1), `${name} `, name.toUpperCase()])
        assert.ok(!isNameTyped(other, name), other);
    }
  });
});
