import assert from 'node:assert/strict';
import { dumpParser } from '../../../src/providers/memcached/dumpParser';

const now = 1000;

/** The names that a dump gives when it comes in chunks of `size` bytes, and whether it ended. */
function parsed(text: string, size = text.length): { names: string[]; ended: boolean } {
  const bytes = Buffer.from(text, 'latin1');
  const parse = dumpParser(now);
  const names: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const part = parse(bytes.subarray(at, at + size));
    names.push(...part.keys.names());
    if (part.ended) return { names, ended: true };
  }
  return { names, ended: false };
}

const rest = 'la=1 cas=2 fetch=no cls=1 size=60';
const real = `key=a exp=-1 ${rest}\nkey=b%20%C3%a9 exp=2000 ${rest}\nkey=gone exp=999 ${rest}\nkey=c exp=0 ${rest}\nEND\r\n`;

describe('A dump of keys', () => {
  it('is read the same in chunks of any size, without what has expired', () => {
    for (let size = 1; size <= real.length; size++)
      assert.deepEqual(parsed(real, size), { names: ['a', 'b \xc3\xa9', 'c'], ended: true }, `${size}`);
  });

  it('may end a line right after the expiry', () => {
    assert.deepEqual(parsed('key=a exp=-1\nkey=b exp=5000\nEND\r\n').names, ['a', 'b']);
  });

  it('may begin with OK, once', () => {
    assert.deepEqual(parsed(`OK\r\n${real}`).names.length, 3);
    assert.throws(() => parsed(`OK\r\nOK\r\n${real}`), { reason: 'garbled' });
  });

  const malformed: readonly (readonly [string, string])[] = [
    ['a line that ends in the name', 'key=x\n'],
    ['a line that ends in the expiry word', 'key=x exp\n'],
    ['a line without an expiry', `key=x ${rest}\n`],
    ['a name that goes on in the next line', `key=abc\nkey=def exp=-1 ${rest}\n`],
    ['an empty name', `key= exp=-1 ${rest}\n`],
    ['a name of 251 bytes', `key=${'x'.repeat(251)} exp=-1 ${rest}\n`],
    ['a name with a cut escape', 'key=a%\nkey=b exp=-1\n'],
    ['a name with an escape that is no number', `key=%zz exp=-1 ${rest}\n`],
    ['a name with an escaped newline as raw byte', `key=%0\n exp=-1 ${rest}\n`],
    ['an expiry without digits', `key=a exp= ${rest}\n`],
    ['an expiry of a lone sign', `key=a exp=- ${rest}\n`],
    ['an expiry with letters', `key=a exp=1e9 ${rest}\n`],
    ['a line of another command', 'VALUE a 0 1\r\n'],
    ['a line that does not end', 'x'.repeat(70_000)],
    ['a key line that does not end', `key=a exp=-1 ${'x'.repeat(70_000)}\n`],
  ];
  for (const [what, text] of malformed) {
    it(`with ${what} is refused, in one piece and byte by byte`, () => {
      for (const size of [text.length, 1])
        assert.throws(() => parsed(text, size), { code: 'CONNECTION_FAILED', reason: 'garbled' });
    });
  }

  it('takes time in proportion to its length, however it is cut', () => {
    // a megabyte of bytes without a newline ends at the first 4 KiB
    const parse = dumpParser(now);
    let taken = 0;
    assert.throws(() => {
      for (; taken < 1_000_000; taken++) parse(Buffer.from('x'));
    });
    assert.ok(taken <= 4096, `${taken}`);
  });
});
