import { strict as assert } from 'node:assert';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { rejectsWith } from '../../helpers/rejects';
import { document, documentLines, packed } from './golden';
import { edited, firstView, keepsUntouched, views } from './viewsFixture';

const rename = (text: string): string => text.replace('"Anna"', '"Annika"');

describe('packed values', () => {
  const samples: readonly [keyof typeof packed, string, string][] = [
    ['gzipDocument', 'gzip', document],
    ['gzipLines', 'gzip', documentLines],
    ['zlibDocument', 'zlib', document],
    ['zlibLines', 'zlib', documentLines],
    ['zstdLines', 'zstd', documentLines],
    ['zstdDocument', 'zstd', document],
    ['zstdStream', 'zstd', documentLines],
    ['lz4Lines', 'lz4', documentLines],
    ['lz4Sized', 'lz4', documentLines],
  ];
  for (const [name, layer, text] of samples) {
    it(`are unpacked as a real writer packed them: ${name}`, async () => {
      assert.equal((await views.decode(packed[name], `${layer}+text`)).text, text);
      assert.equal(await firstView(packed[name]), text === document ? `${layer}+json` : `${layer}+ndjson`);
      await keepsUntouched(packed[name]);
    });
  }

  for (const level of [1, 6, 9]) {
    it(`can be edited in gzip of level ${level}, and keep its header`, async () => {
      const original = gzipSync(Buffer.from(document), { level });
      original.writeUInt32LE(1_700_000_000, 4);
      original[9] = 3;
      const bytes = await edited(original, 'gzip+json', rename);
      assert.deepEqual(bytes.subarray(0, 10), original.subarray(0, 10));
      assert.equal((await views.decode(bytes, 'gzip+text')).text, rename(document));
    });
  }

  it('keep the name of a file in the header of gzip', async () => {
    const flags = Buffer.from(gzipSync(Buffer.from(document)));
    flags[3] = 8;
    const named = Buffer.concat([flags.subarray(0, 10), Buffer.from('a.json\0'), flags.subarray(10)]);
    const bytes = await edited(named, 'gzip+json', rename);
    assert.equal(bytes.toString('latin1', 10, 17), 'a.json\0');
  });

  const writers: readonly [string, Buffer][] = [
    ['zlib+json', deflateSync(Buffer.from(document), { level: 9 })],
    ['deflate+json', deflateRawSync(Buffer.from(document))],
    ['brotli+json', brotliCompressSync(Buffer.from(document))],
    [
      'brotli+json',
      brotliCompressSync(Buffer.from(document), { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
    ],
    ['phpzlib+json', phpZlib(Buffer.from(document))],
    ['base64+json', Buffer.from(Buffer.from(document).toString('base64'))],
    ['base64+json', Buffer.from(Buffer.from(document).toString('base64url'))],
    [
      'base64+json',
      Buffer.from(
        Buffer.from(documentLines.slice(0, document.length)).toString('base64').replace(/.{20}/g, '$&\r\n'),
      ),
    ],
    ['base64+gzip+json', Buffer.from(gzipSync(Buffer.from(document)).toString('base64'))],
  ];
  for (const [view, bytes] of writers) {
    it(`can be edited through ${view} (${bytes.length} bytes)`, async () => {
      await edited(bytes, view, rename);
      const offered = (await views.offered(bytes, {})).map(({ id }) => id);
      assert.ok(offered.includes(view), offered.join(' '));
    });
  }

  it('are found through three decoders, but never asked of deflate unasked', async () => {
    assert.equal(
      await firstView(Buffer.from(gzipSync(Buffer.from(document)).toString('base64'))),
      'base64+gzip+json',
    );
    assert.equal(await firstView(brotliCompressSync(Buffer.from(documentLines))), 'brotli+ndjson');
    const raw = (await views.offered(deflateRawSync(Buffer.from(documentLines)), {})).map(({ id }) => id);
    assert.ok(raw.indexOf('deflate+ndjson') > raw.indexOf('hexdump'), raw.join(' '));
  });

  it('say so when another compressor wrote them', async () => {
    const other = gzipSync(Buffer.from(documentLines), { windowBits: 9, strategy: constants.Z_HUFFMAN_ONLY });
    const shown = await views.decode(other, 'gzip+ndjson');
    assert.equal(shown.editable, false);
    assert.match(shown.readOnlyReason ?? '', /written by another compressor: saving it would change bytes/);
  });

  it('unpack Snappy, in a block and in frames', async () => {
    const text = 'WikipediaWikipedia';
    assert.equal((await views.decode(packed.snappyBlock, 'snappy+text')).text, text);
    const chunk = Buffer.concat([Buffer.alloc(4), packed.snappyBlock]);
    const frames = Buffer.concat([
      Buffer.from('ff060000734e61507059', 'hex'),
      Buffer.of(0, chunk.length, 0, 0),
      chunk,
      Buffer.of(1, 4 + 2, 0, 0, 0, 0, 0, 0, 0x21, 0x21),
    ]);
    assert.equal((await views.decode(frames, 'snappyframed+text')).text, `${text}!!`);
  });

  it('refuse a bomb with the sizes, whichever way it is packed', async () => {
    const large = Buffer.alloc(17 * 1024 * 1024);
    const bombs: readonly [string, Buffer][] = [
      ['gzip+text', gzipSync(large)],
      ['zlib+text', deflateSync(large)],
      ['deflate+text', deflateRawSync(large)],
      ['brotli+text', brotliCompressSync(large, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
      ['zstd+text', zstdRuns(300, 128 * 1024)],
      ['lz4+text', lz4Run(300_000)],
      ['snappy+text', snappyRun(17 * 1024 * 1024)],
    ];
    for (const [view, bytes] of bombs) {
      const error = await rejectsWith(views.decode(bytes, view), 'VALIDATION_ERROR', 'invalid');
      assert.match(error.message, /bytes of .* become more than 16777216 bytes/, view);
    }
  });

  it('refuse a Zstandard frame that asks for a huge window or claims a huge size', async () => {
    const header = Buffer.from('28b52ffd', 'hex');
    const window = Buffer.concat([header, Buffer.of(0, 0xf8), Buffer.from('010000', 'hex'), Buffer.alloc(8)]);
    await rejectsWith(views.decode(window, 'zstd+text'), 'VALIDATION_ERROR', 'invalid');
    const size = Buffer.concat([
      header,
      Buffer.of(0xe0),
      Buffer.alloc(8, 0x7f),
      Buffer.from('010000', 'hex'),
    ]);
    const error = await rejectsWith(views.decode(size, 'zstd+text'), 'VALIDATION_ERROR', 'invalid');
    assert.match(error.message, /it says \d+ bytes/);
  });
});

/** What PHP's memcached extension stores: length, zlib. */
function phpZlib(inner: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(inner.length);
  return Buffer.concat([length, deflateSync(inner)]);
}

/** A frame of blocks that each repeat one byte, without its size. */
function zstdRuns(blocks: number, size: number): Buffer {
  const block = Buffer.alloc(4);
  block.writeUIntLE((size << 3) | (1 << 1), 0, 3);
  const frame = Array.from({ length: blocks }, () => block);
  return Buffer.concat([Buffer.from('28b52ffd0058', 'hex'), ...frame, Buffer.from('010000', 'hex')]);
}

/** One literal, repeated by a length of many bytes. */
function lz4Run(lengthBytes: number): Buffer {
  const block = Buffer.concat([
    Buffer.of(0x1f, 0x41, 1, 0),
    Buffer.alloc(lengthBytes, 0xff),
    Buffer.of(0, 0),
  ]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(block.length);
  return Buffer.concat([Buffer.from('04224d18604082', 'hex'), size, block, Buffer.alloc(4)]);
}

function snappyRun(length: number): Buffer {
  const size: number[] = [];
  for (let left = length; left > 0; left >>>= 7) size.push(left > 127 ? (left & 0x7f) | 0x80 : left);
  return Buffer.concat([Buffer.from(size), Buffer.of(0, 0x41)]);
}
