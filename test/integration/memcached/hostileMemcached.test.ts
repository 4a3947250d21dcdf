import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { ConnectionProfile } from '../../../src/engine/connections/profile';
import { MemcachedLink } from '../../../src/providers/memcached/memcachedLink';
import { memcachedFactory } from '../../../src/providers/memcached/memcachedProvider';
import { metaParser, statsParser, wordParser } from '../../../src/providers/memcached/replies';
import { flood, type HostileServer, startHostileServer } from '../../helpers/hostileServer';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { apply, call, scanAll } from '../providerContract';

const mebibyte = 1024 * 1024;
/** Bytes that sockets of both ends may hold beside what was read. */
const inFlight = 16 * mebibyte;
const key = Buffer.from('k');

/** What a server says before it turns hostile. */
const honest: ReadonlyMap<string, string> = new Map([
  ['version\r\n', 'VERSION 1.6.38\r\n'],
  ['stats\r\n', 'STAT time 1700000000\r\nSTAT curr_items 1\r\nEND\r\n'],
  ['stats settings\r\n', 'STAT item_size_max 1048576\r\nSTAT cas_enabled yes\r\nEND\r\n'],
]);

describe('A hostile Memcached server', () => {
  let server: HostileServer | undefined;
  let flooded: Promise<number> | undefined;
  let provider: CacheProvider | undefined;
  let link: MemcachedLink | undefined;
  afterEach(async () => {
    await provider?.close();
    await link?.close();
    await server?.close();
    provider = link = server = undefined;
    flooded = undefined;
  });

  async function open(
    onData: (socket: Socket, asked: string, number: number) => void,
    changes: Partial<ConnectionProfile> = {},
  ): Promise<CacheProvider> {
    server = await startHostileServer((socket, asked, number) => {
      const reply = honest.get(asked);
      if (reply === undefined) onData(socket, asked, number);
      else socket.write(reply);
    });
    const profile = aProfile(server.port, { engine: 'memcached', ...changes });
    const request = { profile, secrets: { password: 'p' }, db: 0, isReadOnly: () => false };
    return (provider = await memcachedFactory.open(request, call));
  }

  /** An open link to a server that answers everything by itself. */
  async function linkTo(
    onData: (socket: Socket, asked: string, number: number) => void,
  ): Promise<MemcachedLink> {
    server = await startHostileServer(onData);
    const profile = aProfile(server.port, { engine: 'memcached' });
    const endpoint = { kind: 'tcp', host: '127.0.0.1', port: server.port } as const;
    link = new MemcachedLink({ endpoint, profile, secrets: {} });
    await link.open(call);
    return link;
  }
  const commands = ['mg a v\r\n', 'md b\r\n'];

  const answers: readonly (readonly [string, string])[] = [
    ['a value of a negative size', 'VA -9\r\nabc\r\n'],
    ['a value of a size that is no number', 'VA x\r\nabc\r\n'],
    ['a value longer than it was said to be', 'VA 1\r\nabc\r\n'],
    ['a value larger than any item may be', 'VA 1048577 t-1 f0 c1 l0\r\n'],
    ['a value of a size beyond all numbers', `VA ${'9'.repeat(400)}\r\n`],
    ['a reply of another command', 'VALUE k 0 1 1\r\nx\r\nEND\r\n'],
    ['a time to live that is no number', 'HD t1e9 f0 c1 l0\r\n'],
    ['a line without a carriage return', 'EN\n'],
  ];
  for (const [what, answer] of answers) {
    it(`that answers ${what} shifts no reply: the socket is closed, in words`, async () => {
      // replies to two commands come at once
      const hostile = await linkTo((socket, _asked, number) => {
        if (number === 1 || socket.bytesWritten === 0)
          socket.write(number === 1 ? `${answer}HD\r\n` : 'HD\r\nEN\r\n');
      });
      hostile.limitItems(mebibyte);
      const ask = () => commands.map((command) => hostile.send(command, metaParser, call));
      const failures = ask().map((reply) => rejectsWith(reply, 'CONNECTION_FAILED', 'garbled'));
      for (const { message } of await Promise.all(failures))
        assert.match(message, /^The server sent something that is not Memcached's protocol: /);
      const replies = await Promise.all(ask());
      assert.deepEqual(
        replies.map(({ code }) => code),
        ['HD', 'EN'],
      );
    });
  }

  it('whose reply to a write cannot be read leaves the write unknown', async () => {
    const hostile = await open((socket, asked) => {
      socket.write(asked.startsWith('me ') ? 'EN\r\n' : 'XX\r\n');
    });
    const outcome = await apply(hostile, 'test-connection', {
      kind: 'create',
      key,
      value: { type: 'item', bytes: Buffer.from('v'), flags: 0 },
      ttl: { mode: 'keep' },
    });
    assert.equal(outcome.status, 'unknown');
  });

  it('that speaks unasked is left at once', async () => {
    const hostile = await linkTo((socket) => socket.write('VERSION 1\r\nVERSION 2\r\n'));
    const lost = new Promise<unknown>((resolve) => {
      hostile.onState((state) => {
        if (!state.up) resolve(state.cause);
      });
    });
    assert.equal(await hostile.send('version\r\n', wordParser(/^VERSION/), call), 'VERSION 1');
    assert.match(String(await lost), /bytes that were not asked for/);
  });

  it('that is too busy for one more connection is told as such', async () => {
    server = await startHostileServer((socket) => socket.end('ERROR Too many open connections\r\n'));
    const profile = aProfile(server.port, { engine: 'memcached' });
    const request = { profile, secrets: {}, db: 0, isReadOnly: () => false };
    await rejectsWith(memcachedFactory.open(request, call), 'CONNECTION_FAILED', 'server-busy');
  });

  const floods: readonly (readonly [string, string])[] = [
    ['a line without an end', 'a'.repeat(65_536)],
    ['statistics without an end', 'STAT a b\r\n'.repeat(6_000)],
  ];
  for (const [what, piece] of floods) {
    it(`that sends ${what} is left long before it fills the memory`, async () => {
      const hostile = await linkTo(floodWith(piece));
      await rejectsWith(hostile.send('stats\r\n', statsParser, call), 'CONNECTION_FAILED', 'garbled');
      await sentLittle();
    });
  }

  const dumps: readonly (readonly [string, string])[] = [
    ['has no newline', 'a'.repeat(65_536)],
    ['has a key without an expiry', 'key=x\n'.repeat(10_000)],
    [
      'has a key with nothing behind its expiry but one that hides in it',
      'key=abc\nkey=def exp=-1 la=1\n'.repeat(2000),
    ],
  ];
  for (const [what, piece] of dumps) {
    it(`whose list of keys ${what} is left, in words`, async () => {
      const hostile = await open((socket, asked) => {
        assert.match(asked, /^lru_crawler metadump/);
        floodWith(piece)(socket);
      });
      await rejectsWith(scanAll(hostile), 'CONNECTION_FAILED', 'garbled');
      await sentLittle();
    });
  }

  const packets: readonly (readonly [string, Buffer])[] = [
    ['a packet of four gigabytes', packet(0x20, 0, 2 ** 32 - 1)],
    ['a packet shorter than its key', packet(0x20, 0, 1, 2)],
    ['a request', Buffer.from(packet(0x20, 0, 0).fill(0x80, 0, 1))],
    ['an answer to nothing', packet(0x00, 77, 0)],
    ['success before it was told the password', packet(0x21, 0, 0)],
  ];
  for (const [what, bytes] of packets) {
    it(`that sends ${what} over SASL is left, in words`, async () => {
      server = await startHostileServer((socket) => void flood(socket, bytes, bytes.length));
      const profile = aProfile(server.port, {
        engine: 'memcached',
        auth: { method: 'sasl', username: 'u', secret: 'stored' },
      });
      const request = { profile, secrets: { password: 'p' }, db: 0, isReadOnly: () => false };
      await rejectsWith(memcachedFactory.open(request, call), 'CONNECTION_FAILED', 'garbled');
    });
  }

  /** Sends a quarter of a gigabyte, unless the client leaves before. */
  const floodWith =
    (piece: string) =>
    (socket: Socket): void => {
      flooded = flood(socket, Buffer.from(piece), 256 * mebibyte);
    };
  /** Waits for the client to leave, and looks at what it took until then. */
  async function sentLittle(): Promise<void> {
    const sent = await flooded;
    assert.ok(sent !== undefined && sent < inFlight, `${sent} bytes were sent`);
  }
});

/** The header of a response of the binary protocol. */
function packet(opcode: number, opaque: number, bodySize: number, keySize = 0): Buffer {
  const head = Buffer.alloc(24);
  head.set([0x81, opcode]);
  head.writeUInt16BE(keySize, 2);
  head.writeUInt32BE(bodySize, 8);
  head.writeUInt32BE(opaque, 12);
  return head;
}
