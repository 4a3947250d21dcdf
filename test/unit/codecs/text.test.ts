import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { flagNotes } from '../../../src/engine/values/views/memcachedFlags';
import { rejectsWith } from '../../helpers/rejects';
import { charsets, java } from './golden';
import { edited, firstView, keepsUntouched, views } from './viewsFixture';

describe('text', () => {
  it('keeps a byte order mark, CRLF and a zero byte', async () => {
    const bytes = Buffer.from('\ufeffa\r\nb\0c');
    assert.deepEqual(await edited(bytes, 'text', (text) => `${text}!`), Buffer.from('\ufeffa\r\nb\0c!'));
  });

  it('G17: is read-only when it is not UTF-8, and stands behind hex', async () => {
    const bytes = Buffer.of(0xff, 0xfe, 0x41);
    const shown = await views.decode(bytes, 'text');
    assert.equal(shown.editable, false);
    assert.match(shown.readOnlyReason ?? '', /not valid UTF-8/);
    assert.equal(await firstView(bytes), 'hex');
  });

  it('refuses half a character', async () => {
    const encoded = await views.encode('ab\ud800', 'text', Buffer.from('x'));
    assert.deepEqual(encoded, { problem: 'Half a character cannot be saved as UTF-8', at: 2 });
  });

  for (const { view, bytes, text } of charsets) {
    it(`is read as ${view}, and saved where that can be done`, async () => {
      const shown = await views.decode(bytes, view);
      assert.equal(shown.text, text);
      if (shown.editable) await edited(bytes, view, (before) => before.slice(0, -1));
      else assert.match(shown.readOnlyReason ?? '', /can be read here, but not written/);
    });
  }

  it('says which character an encoding does not have', async () => {
    assert.deepEqual(await views.encode('ab→', 'latin1', Buffer.of(0xff)), {
      problem: 'Latin-1 has no such character',
      at: 2,
    });
  });

  it('gives the same bytes in every view that says it can be edited, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 40 }), async (bytes) => {
        const editable = await keepsUntouched(Buffer.from(bytes));
        assert.ok(editable.includes('hex'));
      }),
      { seed: 7, numRuns: 150 },
    );
  });
});

describe('notes on short texts', () => {
  const cases: readonly [string, string | undefined][] = [
    ['1700000000', 'As a Unix time in seconds: 2023-11-14T22:13:20.000Z'],
    ['1700000000123', 'As a Unix time in milliseconds: 2023-11-14T22:13:20.123Z'],
    ['1700000000123456', 'As a Unix time in microseconds: 2023-11-14T22:13:20.123Z'],
    ['1700000000123456789', 'As a Unix time in nanoseconds: 2023-11-14T22:13:20.123Z'],
    ['17000000001', undefined],
    ['c232ab00-9414-11ec-b3c8-9f6bdeced846', 'UUID of version 1, made at 2022-02-22T19:22:22.000Z'],
    ['1ec9414c-232a-6b00-b3c8-9f6bdeced846', 'UUID of version 6, made at 2022-02-22T19:22:22.000Z'],
    ['017f22e2-79b0-7cc3-98c4-dc0c0c07398f', 'UUID of version 7, made at 2022-02-22T19:22:22.000Z'],
    ['919108f7-52d1-4320-9bac-f847db4148a8', 'UUID of version 4'],
  ];
  for (const [text, note] of cases) {
    it(`${text}: ${note ?? 'nothing'}`, async () => {
      const { notes } = await views.decode(Buffer.from(text), 'text');
      assert.deepEqual(notes, note === undefined ? [] : [note]);
    });
  }
});

describe('hex', () => {
  it('writes pairs, reads them back, and says which digit is wrong', async () => {
    const bytes = Buffer.from(Array.from({ length: 18 }, (_, index) => index));
    const shown = await views.decode(bytes, 'hex');
    assert.equal(shown.text, '00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\n10 11');
    assert.deepEqual(await views.encode('00 FF\n1 0', 'hex', bytes), {
      problem: 'A byte needs two digits',
      at: 6,
    });
    assert.deepEqual(await views.encode('00 fg', 'hex', bytes), {
      problem: 'This is not a hexadecimal digit',
      at: 4,
    });
    assert.deepEqual(await views.encode('00 FF\n10', 'hex', bytes), { bytes: Buffer.of(0, 255, 16) });
  });

  it('dumps offset, bytes and ASCII to read', async () => {
    const shown = await views.decode(Buffer.from('Hello, wörld! 12345'), 'hexdump');
    assert.equal(shown.editable, false);
    assert.equal(
      shown.text,
      [
        '00000000  48 65 6c 6c 6f 2c 20 77 c3 b6 72 6c 64 21 20 31  |Hello, w..rld! 1|',
        '00000010  32 33 34 35                                      |2345|',
      ].join('\n'),
    );
  });
});

describe('flags of Memcached clients', () => {
  const cases: readonly [number, Buffer, RegExp][] = [
    [1, Buffer.from('42'), /PHP memcached: integer/],
    [4, Buffer.from('a:0:{}'), /PHP memcached: serialised/],
    [1, java.text, /Java .*: serialised object/],
    [1, Buffer.from('80045d942e', 'hex'), /Python .*: pickle/],
    [274, Buffer.from('text'), /EnyimMemcached\): text/],
    [0x200, Buffer.of(0, 0, 0, 1), /Java .*: integer/],
  ];
  for (const [flags, bytes, note] of cases) {
    it(`${flags} on ${bytes.length} bytes: ${note.source}`, async () => {
      const { notes } = await views.decode(bytes, 'hex', { flags });
      assert.ok(
        notes.some((each) => note.test(each)),
        notes.join('; '),
      );
    });
  }

  it('are not explained where the bytes say otherwise', () => {
    assert.deepEqual(
      flagNotes(4, Buffer.from('plain')).filter((note) => note.includes('PHP')),
      [],
    );
    assert.deepEqual(flagNotes(1, Buffer.from('plain')), ['Flags 1: of no client that is known here']);
    assert.deepEqual(flagNotes(0, Buffer.from('x')), []);
  });
});

describe('views', () => {
  it('put a view that was preferred before first, if the bytes are of it', async () => {
    assert.equal((await views.offered(Buffer.from('{}'), { preferred: 'hexdump' }))[0]?.id, 'hexdump');
    assert.equal((await views.offered(Buffer.from('abc'), { preferred: 'json' }))[0]?.id, 'text');
  });

  it('refuse names they do not know, chains that are too long, and values above 1 MiB', async () => {
    for (const view of ['', 'nothing', 'gzip', 'text+text', 'gzip+gzip+gzip+text'])
      await rejectsWith(views.decode(Buffer.from('x'), view), 'VALIDATION_ERROR', 'invalid');
    const large = Buffer.alloc(1024 * 1024 + 1);
    await rejectsWith(views.offered(large, {}), 'VALIDATION_ERROR', 'invalid');
  });
});
