import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** Commands for what is rare and must look right all the same: bytes in names and values, huge and nested things. */
export function* oddKeys(random) {
  yield* names();
  yield* values(random);
  yield* queues();
  yield* large(random);
}

function* names() {
  const odd = [
    Buffer.from('odd:nul\0inside'),
    Buffer.from([...Buffer.from('odd:not-utf8:'), 0xff, 0xfe, 0x80]),
    Buffer.from('odd:line\nbreak'),
    Buffer.from('odd:tab\there'),
    Buffer.from('odd:מפתח בעברית'),
    Buffer.from('odd:\u202egnp.txt'),
    Buffer.from('odd:emoji 🚀🧑‍🚀'),
    Buffer.from('odd:back\\slash'),
    Buffer.from('odd: spaces  and "quotes"'),
    Buffer.from('odd::empty::parts:'),
    Buffer.from(`odd:long:${'x'.repeat(600)}`),
    Buffer.from('__proto__'),
    Buffer.from('constructor:prototype'),
  ];
  for (const name of odd) yield ['set', name, `the value of a key with an odd name`];
  yield [
    'hset',
    'odd:fields',
    '__proto__',
    'a field',
    'constructor',
    'another',
    Buffer.from([0, 255]),
    Buffer.from([255, 0]),
  ];
}

function* values(random) {
  yield ['set', 'bytes:gzip', gzipSync('Compressed text. '.repeat(200))];
  yield ['set', 'bytes:msgpack', Buffer.from('83a2696401a46e616d65a3416461a5666c616773930102c3', 'hex')];
  yield ['set', 'bytes:gzip-json', gzipSync('{"id":42,"tags":["a","b"],"total":12345678901234567890}')];
  yield ['set', 'bytes:icon', readFileSync(new URL('../../media/icon.png', import.meta.url))];
  yield ['set', 'text:jwt', jwt({ sub: 'user:42', scope: 'cart checkout', exp: Date.UTC(2026, 0) / 1000 })];
  yield ['set', 'text:uuid', '01890a5d-ac96-774b-bcce-b302099a8057'];
  yield ['set', 'text:time', '1767225600'];
  yield ['set', 'bytes:random', random.bytes(2048)];
  yield ['set', 'bytes:latin1', Buffer.from('Gr\xfc\xdfe aus K\xf6ln', 'latin1')];
  yield ['set', 'bytes:crlf', 'one\r\ntwo\r\nthree'];
  yield ['set', 'bytes:empty', ''];
  yield ['setbit', 'bytes:bitmap', 4096, 1];
  yield ['geoadd', 'shop:stores', 13.405, 52.52, 'Berlin', -9.139, 38.722, 'Lisboa', 139.691, 35.689, '東京'];
}

/** A token as web services hand out; its signature is none. */
function jwt(claims) {
  const parts = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return [...parts, 'c2lnbmF0dXJl'].join('.');
}

/** A list of work, a stream with two groups, and entries that were delivered but not acknowledged. */
function* queues() {
  yield [
    'rpush',
    'queue:mail',
    ...Array.from({ length: 300 }, (_, i) => JSON.stringify({ job: i, to: `user${i}@example.com` })),
  ];
  const start = Date.UTC(2025, 4, 1);
  for (let i = 0; i < 400; i++) {
    const state = ['placed', 'paid', 'sent'][i % 3];
    yield ['xadd', 'events:orders', `${start + i * 1000}-0`, 'order', String(1001 + i), 'state', state];
  }
  for (const group of ['billing', 'shipping']) yield ['xgroup', 'CREATE', 'events:orders', group, '0'];
  yield ['xreadgroup', 'GROUP', 'billing', 'billing-1', 'COUNT', 25, 'STREAMS', 'events:orders', '>'];
  yield ['xreadgroup', 'GROUP', 'shipping', 'shipping-1', 'COUNT', 10, 'STREAMS', 'events:orders', '>'];
  yield ['xreadgroup', 'GROUP', 'shipping', 'shipping-2', 'COUNT', 5, 'STREAMS', 'events:orders', '>'];
  yield ['xack', 'events:orders', 'billing', `${start}-0`, `${start + 1000}-0`];
}

const hugeFields = 100_000;
const fieldsACommand = 1000;

function* large(random) {
  for (let at = 0; at < hugeFields; at += fieldsACommand) {
    const fields = Array.from({ length: fieldsACommand }, (_, i) => [
      `field:${String(at + i).padStart(6, '0')}`,
      random.hex(12),
    ]);
    yield ['hset', 'huge:hash', ...fields.flat()];
  }
  const line = 'A line of a large text, repeated until it has five megabytes.\n';
  yield [
    'set',
    'huge:string',
    line.repeat(Math.ceil((5 * 1024 * 1024) / line.length)).slice(0, 5 * 1024 * 1024),
  ];
}
