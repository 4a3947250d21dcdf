import { createConnection } from 'node:net';
import { gzipSync } from 'node:zlib';
import { seededRandom } from './random.mjs';
import { cities, languages, pages } from './words.mjs';

const seed = 20250502;
const day = 86_400;

/** Flags as clients commonly use them for what the bytes are. */
const flags = { text: 0, json: 4, gzip: 16, bytes: 1 };

/** Fills an empty Memcached over its text protocol; gives the number of items. */
export async function loadMemcached(port) {
  const items = [...demoItems(seededRandom(seed))];
  const answer = await exchange(port, Buffer.concat([...items.map(setCommand), Buffer.from('version\r\n')]));
  // Stores are sent without a reply: anything but the version is a complaint about one of them.
  if (!/^VERSION [^\r]*\r\n$/.test(answer))
    throw new Error(`Memcached did not take the demo data: ${answer.split('\r\n')[0]}`);
  return items.length;
}

function* demoItems(random) {
  for (let i = 0; i < 400; i++) {
    const body = { user: i, city: random.pick(cities), token: random.hex(12) };
    yield {
      key: `session:${random.hex(20)}`,
      value: JSON.stringify(body),
      flags: flags.json,
      ttl: 600 + random.below(day),
    };
  }
  for (let i = 0; i < 300; i++) {
    const key = `fragment:${random.pick(languages)}:${random.pick(pages)}:${i}`;
    yield {
      key,
      value: `<section>${random.hex(120)}</section>`,
      flags: flags.text,
      ttl: 60 + random.below(3600),
    };
  }
  for (let i = 0; i < 200; i++) {
    yield {
      key: `rates:EUR:${i}`,
      value: (random.below(20000) / 10000).toFixed(4),
      flags: flags.text,
      ttl: 0,
    };
  }
  for (let i = 0; i < 70; i++) {
    yield {
      key: `asset:gz:${i}`,
      value: gzipSync(`body { margin: ${i}px }\n`.repeat(30)),
      flags: flags.gzip,
      ttl: 0,
    };
  }
  for (let i = 0; i < 29; i++)
    yield { key: `asset:raw:${i}`, value: random.bytes(256), flags: flags.bytes, ttl: day };
  yield { key: 'größe', value: 'a key that is not ASCII', flags: flags.text, ttl: 0 };
}

function setCommand({ key, value, flags: given, ttl }) {
  const bytes = Buffer.from(value);
  return Buffer.concat([
    Buffer.from(`set ${key} ${given} ${ttl} ${bytes.length} noreply\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ]);
}

/** Sends everything and gives what comes back until a line that starts with VERSION has ended. */
function exchange(port, request) {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = createConnection(port, '127.0.0.1', () => socket.write(request));
    socket.setTimeout(10_000, () => socket.destroy(new Error('Memcached does not answer')));
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (/^VERSION [^\r]*\r\n$/m.test(answer)) socket.end();
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(answer));
  });
}
