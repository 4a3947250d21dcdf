import { strict as assert } from 'node:assert';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { EngineError } from '../../../src/engine/kernel/errors';
import { createValueViews } from '../../../src/providers/codecs/createValueViews';
import { allFaces, allLayers } from '../../../src/providers/codecs/codecTable';
import { document, java, packed, pickle } from './golden';

const schema = {
  name: 'a.proto',
  text: 'message A { repeated A a = 1; map<string, A> m = 2; repeated int32 n = 3; }',
};
const views = createValueViews({ readSchemas: async () => [schema] });
const chains = [
  ...allFaces.map(({ name }) => name),
  ...allLayers.map(({ name }) => `${name}+text`),
  'protobuf:A',
  'base64+gzip+json',
];
const samples = [
  ...Object.values(packed),
  ...Object.values(java),
  ...Object.values(pickle),
  Buffer.from(document),
  Buffer.from('a:2:{s:1:"a";i:5;i:3;O:1:"B":1:{s:1:"c";N;}}'),
  Buffer.from('82a161cb3ff8000000000000a162c403000102', 'hex'),
  Buffer.from('bf6346756ef563416d7421ff', 'hex'),
  Buffer.from(gzipSync(document).toString('base64')),
];

/** Decodes by every view; anything but a value or VALIDATION_ERROR fails, and so does an edit that would lose something. */
async function survives(bytes: Buffer): Promise<void> {
  for (const view of chains) {
    try {
      const { text, editable } = await views.decode(bytes, view);
      if (!editable) continue;
      const encoded = await views.encode(text, view, bytes);
      assert.ok('bytes' in encoded && encoded.bytes.equals(bytes), view);
    } catch (thrown) {
      if (thrown instanceof EngineError && thrown.code === 'VALIDATION_ERROR') continue;
      throw new Error(`${view} of ${bytes.toString('hex').slice(0, 400)}`, { cause: thrown });
    }
  }
  await views.offered(bytes, {});
}

describe('decoders of hostile bytes', () => {
  it('give a value or a validation error for random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), (bytes) => survives(Buffer.from(bytes))),
      { seed: 101, numRuns: 120 },
    );
  });

  it('do so for real samples with bits turned, cut, and doubled', async () => {
    const damaged = fc
      .tuple(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat(4000), fc.nat(7)), { maxLength: 4 }),
        fc.nat(400),
      )
      .map(([sample, flips, cut]) => damage(sample, flips, cut));
    await fc.assert(fc.asyncProperty(damaged, survives), { seed: 102, numRuns: 250 });
  });

  it('do so for every sample cut anywhere', async () => {
    for (const sample of samples.filter(({ length }) => length < 80))
      for (let length = 0; length <= sample.length; length += 3) await survives(sample.subarray(0, length));
  });

  it('do so for deep nesting in every format', async () => {
    const deep: Buffer[] = [0x91, 0x81, 0x9f, 0xbf, 0xc1, 0xdc, 0x5b, 0x7b, 0x0a, 0x28].map((byte) =>
      Buffer.alloc(100_000, byte),
    );
    deep.push(
      Buffer.from('{"a":'.repeat(100_000)),
      Buffer.from('a:1:{i:0;'.repeat(100_000)),
      nestedMessages(100_000),
    );
    for (const bytes of deep) await survives(bytes);
  }).timeout(60_000);
});

function damage(sample: Buffer, flips: readonly (readonly [number, number])[], cut: number): Buffer {
  const bytes = Buffer.from(sample);
  for (const [at, bit] of flips) {
    const index = at % bytes.length;
    bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
  }
  return cut < 200 ? bytes : Buffer.concat([bytes, bytes]).subarray(0, (bytes.length * cut) / 200);
}

/** A message within a message within a message. */
function nestedMessages(depth: number): Buffer {
  const parts: Buffer[] = [];
  let length = 0;
  for (let level = 0; level < depth; level++) {
    const head = [0x0a];
    for (let left = length; ; left >>>= 7) {
      head.push(left > 127 ? (left & 0x7f) | 0x80 : left);
      if (left <= 127) break;
    }
    parts.push(Buffer.from(head));
    length += head.length;
  }
  return Buffer.concat(parts.reverse());
}
