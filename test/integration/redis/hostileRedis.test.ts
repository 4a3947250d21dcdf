import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import { Connection } from '../../../src/engine/connections/connection';
import type { ConnectionProfile } from '../../../src/engine/connections/profile';
import { SecretResolver } from '../../../src/engine/connections/secretResolver';
import { redisFactory } from '../../../src/providers/redis/redisProvider';
import { makeCertificates } from '../../helpers/certificates';
import { eventually } from '../../helpers/eventually';
import { flood, honestRedis, type HostileServer, startHostileServer } from '../../helpers/hostileServer';
import { aProfile, memoryLog, memoryVault } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { apply, call } from '../providerContract';

const mebibyte = 1024 * 1024;
/** Bytes that sockets of both ends may hold beside what was read. */
const inFlight = 16 * mebibyte;
/** 440 bytes for which a decoder that trusts them reserves ten gigabytes. */
const nested = '*33000000\r\n'.repeat(40);
/** What a person is told of each. */
const wordsOf = {
  garbled: /^The server sent something that is not Redis' protocol: /,
  'too-large': /^The server sent a reply larger than Cachify reads at once: /,
};

describe('A hostile Redis server', () => {
  let server: HostileServer | undefined;
  let flooded: Promise<number> | undefined;
  let provider: CacheProvider | undefined;
  afterEach(async () => {
    mock.timers.reset();
    await provider?.close();
    await server?.close();
    provider = server = undefined;
    flooded = undefined;
  });

  async function start(
    answer: (socket: Socket, asked: string, number: number) => void,
  ): Promise<ConnectionProfile> {
    server = await startHostileServer(answer);
    return aProfile(server.port);
  }
  const requestOf = (profile: ConnectionProfile) => ({
    profile,
    secrets: {},
    db: 0,
    isReadOnly: () => false,
  });

  /** A session with a server that is honest until it is asked for `command`. */
  async function openUntil(command: string, answer: (socket: Socket) => void): Promise<CacheProvider> {
    const profile = await start((socket, asked) => {
      if (asked.includes(command)) answer(socket);
      else socket.write(honestRedis(asked));
    });
    return (provider = await redisFactory.open(requestOf(profile), call));
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

  it('whose first reply claims lists in lists is left in words, and asked once', async () => {
    const profile = await start((socket) => socket.write(nested));
    const { message } = await rejectsWith(
      redisFactory.open(requestOf(profile), call),
      'CONNECTION_FAILED',
      'too-large',
    );
    assert.match(message, wordsOf['too-large']);
    assert.equal(server?.connections, 1);
  });

  it('is left over TLS too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cachify-hostile-'));
    try {
      const { ca, certificate, key } = await makeCertificates(folder);
      const pair = { cert: await readFile(certificate), key: await readFile(key) };
      server = await startHostileServer((socket) => socket.write(nested), pair);
      const tls = { enabled: true, verify: true, caFile: ca };
      const profile = aProfile(server.port, { tls });
      await rejectsWith(redisFactory.open(requestOf(profile), call), 'CONNECTION_FAILED', 'too-large');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('that turns hostile is tried again as any lost server is: ever later, and never without a wait', async () => {
    let isHostile = false;
    const attempts = (): number | undefined => server?.connections;
    const profile = await start((socket, asked) => socket.write(isHostile ? nested : honestRedis(asked)));
    const connection = connectionTo(profile);
    try {
      await connection.connect();
      isHostile = true;
      mock.timers.enable({ apis: ['setTimeout'] });
      const reading = connection.read(0, (reader, limits) => reader.countKeys(limits));
      await rejectsWith(reading, 'CONNECTION_FAILED', 'too-large');
      assert.deepEqual(
        [connection.health.state, connection.health.cause?.reason],
        ['unreachable', 'too-large'],
      );
      for (const [tries, waitMs] of [500, 1000, 2000].entries()) {
        mock.timers.tick(waitMs - 1);
        await new Promise(setImmediate);
        assert.equal(attempts(), tries + 1);
        const before = connection.health;
        mock.timers.tick(1);
        await told(() => connection.health !== before);
        assert.equal(attempts(), tries + 2);
      }
    } finally {
      mock.timers.reset();
      await connection.disconnect();
    }
  });

  it('that answers each try and then speaks unasked is not tried for ever at the same pace', async () => {
    let isHostile = false;
    const profile = await start((socket, asked) => {
      socket.write(honestRedis(asked));
      // behind the reply to a try, in a piece of its own
      if (isHostile && asked.includes('PING')) setImmediate(() => socket.write('x'));
    });
    const connection = connectionTo(profile);
    const attempts = (): number | undefined => server?.connections;
    let losses = 0;
    connection.onChange(({ state }) => state === 'unreachable' && losses++);
    try {
      await connection.connect();
      const first = attempts() ?? 0;
      isHostile = true;
      mock.timers.enable({ apis: ['setTimeout'] });
      server?.toAll('x');
      for (const [tries, waitMs] of [500, 1000, 2000, 4000].entries()) {
        await told(() => losses > tries);
        mock.timers.tick(waitMs - 1);
        await new Promise(setImmediate);
        assert.equal(attempts(), first + tries, `none within ${waitMs} ms`);
        mock.timers.tick(1);
        await told(() => attempts() === first + tries + 1);
      }
    } finally {
      mock.timers.reset();
      await connection.disconnect();
    }
  });

  const replies: readonly (readonly [string, string, ('garbled' | 'too-large')?])[] = [
    ['a list of more elements than any reply has', '*600000\r\n', 'too-large'],
    [
      'lists of more elements together',
      '*2\r\n*200000\r\n' + ':1\r\n'.repeat(200_000) + '*200000\r\n',
      'too-large',
    ],
    ['a list in a list in a list, and so on', '*1\r\n'.repeat(33), 'too-large'],
    ['a string of more bytes than Redis has', '$1073741824\r\n', 'too-large'],
    ['a string of a length that is no number', '$1e3\r\n'],
    ['a string of a negative length', '$-5\r\n'],
    ['a string longer than it was said to be', '$1\r\nabc\r\n'],
    ['a number that is none', ':1x\r\n'],
    ['a number of more than 64 bits', `:${'9'.repeat(40)}\r\n`],
    ['a type of another protocol', '%1\r\n+a\r\n+b\r\n'],
    ['a page of the web', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['a line without a newline', '+OK\r+OK\r\n'],
  ];
  for (const [what, reply, reason = 'garbled'] of replies) {
    it(`that answers ${what} is left, in words`, async () => {
      const hostile = await openUntil('DBSIZE', (socket) => socket.write(reply));
      const { message, retryable } = await rejectsWith(hostile.countKeys(call), 'CONNECTION_FAILED', reason);
      assert.match(message, wordsOf[reason]);
      assert.equal(retryable, false);
      // the next command goes over a new socket, and is answered
      assert.ok((await hostile.ping(call)) >= 0);
    });
  }

  const floods: readonly (readonly [string, string, string, string])[] = [
    ['a status without an end', '+', 'a'.repeat(65_536), 'too-large'],
    ['an error without an end', '-', 'a'.repeat(65_536), 'too-large'],
    ['a gigabyte as one string', '$1073741824\r\n', 'a'.repeat(65_536), 'too-large'],
    ['replies to nothing', '', ':1\r\n'.repeat(16_384), 'garbled'],
  ];
  for (const [what, head, piece, reason] of floods) {
    it(`that sends ${what} is left long before it fills the memory`, async () => {
      const hostile = await openUntil('DBSIZE', (socket) => {
        socket.write(head);
        floodWith(piece)(socket);
      });
      const lost: unknown[] = [];
      hostile.onLink((link) => link.up || lost.push(link.cause.reason));
      // the first of replies to nothing may be one
      await hostile.countKeys(call).catch(() => undefined);
      await sentLittle();
      assert.deepEqual(lost, [reason]);
    });
  }

  it('that speaks unasked while nothing is awaited is left, in words', async () => {
    const lost: unknown[] = [];
    const hostile = await openUntil('DBSIZE', (socket) => socket.write(':1\r\n'));
    hostile.onLink((link) => link.up || lost.push(link.cause));
    assert.equal(await hostile.countKeys(call), 1);
    await sentUnasked();
    assert.match(String(lost[0]), /bytes that were not asked for/);

    async function sentUnasked(): Promise<void> {
      server?.toAll('+OK\r\n');
      await eventually('the link is lost', () => lost[0]);
    }
  });

  it('that turns a connection away unasked says why', async () => {
    const turned = [
      '-ERR max number of clients reached\r\n',
      '-DENIED Redis is running in protected mode\r\n',
    ];
    const meant = [
      ['CONNECTION_FAILED', 'server-busy'],
      ['UNAUTHORIZED', 'no-permission'],
    ] as const;
    for (const [i, line] of turned.entries()) {
      const hostile = await openUntil('DBSIZE', (socket) => socket.write(`:1\r\n${line}`));
      const lost: unknown[] = [];
      hostile.onLink((link) => link.up || lost.push(link.cause));
      await hostile.countKeys(call).catch(() => undefined);
      const cause = await eventually('the link is lost', () => lost[0]);
      const [code, reason] = meant[i] ?? [];
      assert.deepEqual({ ...(cause as object) }, { ...(cause as object), code, reason });
      await provider?.close();
      await server?.close();
      provider = server = undefined;
    }
  });

  it('whose reply to a write cannot be read leaves the write unknown', async () => {
    const hostile = await openUntil('EVAL', (socket) => socket.write('*x\r\n'));
    const outcome = await apply(hostile, 'test-connection', {
      kind: 'string.set',
      key: Buffer.from('k'),
      before: Buffer.from('1'),
      after: Buffer.from('2'),
      ttl: { mode: 'keep' },
    });
    assert.equal(outcome.status, 'unknown');
  });
});

function connectionTo(profile: ConnectionProfile): Connection {
  const log = memoryLog();
  return new Connection(profile, {
    factories: { redis: () => Promise.resolve(redisFactory), memcached: () => Promise.reject(new Error()) },
    secrets: new SecretResolver({ vault: memoryVault(), ask: () => Promise.resolve(undefined), log }),
    clock: { now: () => 0, monotonic: () => 0 },
    random: { id: () => 'id', next: () => 1 },
    log,
    isTrusted: () => true,
  });
}

/** Waits by turns of the event loop: the timers of the test stand still. */
async function told(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise(setImmediate);
}
