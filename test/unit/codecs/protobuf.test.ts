import { strict as assert } from 'node:assert';
import protobuf from 'protobufjs';
import { createValueViews } from '../../../src/providers/codecs/createValueViews';
import { rejectsWith } from '../../helpers/rejects';
import { views } from './viewsFixture';

const text = `
syntax = "proto3";
package shop;
import "google/protobuf/timestamp.proto";
enum Kind { UNKNOWN = 0; BOOK = 1; }
message Item { string title = 1; double price = 2; }
message Order {
  uint64 id = 1; sint64 change = 2; repeated int32 counts = 3; repeated Item items = 4;
  map<string, int32> stock = 5; Kind kind = 6; bytes raw = 7; bool paid = 8; fixed64 stamp = 9; float ratio = 10;
  google.protobuf.Timestamp at = 11; int32 negative = 12;
}`;
const withSchema = createValueViews({ readSchemas: async () => [{ name: 'shop.proto', text }] });
const Order = protobuf
  .parse(
    text.replace(/import.*|.*Timestamp.*/g, (line) =>
      line.includes('negative') ? 'int32 negative = 12;' : '',
    ),
  )
  .root.lookupType('shop.Order');

const bytes = Buffer.from(
  Order.encode(
    Order.fromObject({
      id: '18446744073709551615',
      change: '-5',
      counts: [1, 2, 300],
      items: [{ title: 'A', price: 1.5 }, { title: 'Grüße' }],
      stock: { a: 1, __b: 2 },
      kind: 'BOOK',
      raw: Buffer.of(0, 255),
      paid: true,
      stamp: '9007199254740993',
      ratio: 0.5,
      negative: -7,
    }),
  ).finish(),
);

describe('Protocol Buffers', () => {
  it('are shown by the schema of the person, with 64-bit numbers as they are', async () => {
    const shown = await withSchema.decode(bytes, 'protobuf:shop.Order');
    assert.equal(shown.editable, false);
    assert.match(shown.text, /"id": 18446744073709551615/);
    assert.match(shown.text, /"stamp": 9007199254740993/);
    assert.deepEqual(JSON.parse(shown.text.replace(/(\d{16,})/g, '"$1"')), {
      id: '18446744073709551615',
      change: -5,
      counts: [1, 2, 300],
      items: [{ title: 'A', price: 1.5 }, { title: 'Grüße' }],
      stock: { a: 1, __b: 2 },
      kind: 'BOOK',
      raw: 'AP8=',
      paid: true,
      stamp: '9007199254740993',
      ratio: 0.5,
      negative: -7,
    });
  });

  it('are offered with a schema, but only on request', async () => {
    const offered = (await withSchema.offered(bytes, {})).map(({ id }) => id);
    assert.ok(offered.indexOf('protobuf:shop.Order') > offered.indexOf('hexdump'), offered.join(' '));
    assert.equal(
      (await withSchema.offered(bytes, { preferred: 'protobuf:shop.Order' }))[0]?.id,
      'protobuf:shop.Order',
    );
  });

  it('keep apart what the schema does not know, and refuse what does not fit it', async () => {
    const unknown = Buffer.concat([bytes, Buffer.of(0xa0, 0x06, 1)]);
    assert.match((await withSchema.decode(unknown, 'protobuf:shop.Order')).text, /"\$unknown": \[\n {4}100/);
    await rejectsWith(
      withSchema.decode(Buffer.of(0x0d, 0, 0, 0, 0), 'protobuf:shop.Order'),
      'VALIDATION_ERROR',
      'invalid',
    );
  });

  it('are listed by number without a schema', async () => {
    const { text: shown, notes } = await views.decode(bytes, 'protobuf-wire');
    assert.match(shown, /"1": 18446744073709551615/);
    assert.match(shown, /"1": "Grüße"/);
    assert.match(notes[0] ?? '', /a guess/);
  });

  it('say which schema cannot be read, and leave the other views', async () => {
    const broken = createValueViews({
      readSchemas: async () => [{ name: 'broken.proto', text: 'message {' }],
    });
    const error = await rejectsWith(broken.decode(bytes, 'protobuf:A'), 'VALIDATION_ERROR', 'invalid');
    assert.match(error.message, /broken\.proto cannot be read/);
    assert.ok((await broken.offered(bytes, {})).length > 3);
  });

  it('never make code of the names in a schema', async () => {
    const hostile = createValueViews({
      readSchemas: async () => [
        {
          name: 'x.proto',
          text: 'message A { optional int32 constructor = 2; optional A toString = 3; optional int32 hasOwnProperty = 1; }',
        },
      ],
    });
    const shown = await hostile.decode(Buffer.of(0x08, 1, 0x10, 2, 0x1a, 2, 0x08, 3), 'protobuf:A');
    const inner = { hasOwnProperty: 3 };
    assert.deepEqual(JSON.parse(shown.text), { hasOwnProperty: 1, constructor: 2, toString: inner });
  });
});
