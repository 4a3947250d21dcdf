import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { replyLimits } from '../../../src/providers/redis/replyGuard';
import type { HungryReport } from '../../helpers/hungryClient';
import { flood, honestRedis, startHostileServer } from '../../helpers/hostileServer';

const mebibyte = 1024 * 1024;
/** What a reply may cost beside its own bytes. */
const most = 64 * mebibyte;
const large = 128 * mebibyte;

interface Reply {
  readonly what: string;
  readonly engine: 'redis' | 'memcached';
  readonly head: string;
  /** Sent as often as makes `size` bytes. */
  readonly piece: string;
  readonly size: number;
  readonly tail: string;
  readonly ended: string;
}

const replies: readonly Reply[] = [
  {
    what: 'a string of 128 MiB',
    engine: 'redis',
    head: `$${large}\r\n`,
    piece: 'a'.repeat(mebibyte),
    size: large,
    tail: '\r\n',
    ended: 'read',
  },
  {
    what: 'as many empty strings as a list may have',
    engine: 'redis',
    head: `*${replyLimits.elements}\r\n`,
    piece: '+\r\n'.repeat(replyLimits.elements),
    size: 3 * replyLimits.elements,
    tail: '',
    ended: 'server-error',
  },
  {
    what: 'lists in lists of 33 million',
    engine: 'redis',
    head: '',
    piece: '*33000000\r\n'.repeat(40),
    size: 440,
    tail: '',
    ended: 'too-large',
  },
  {
    what: 'a value of 128 MiB',
    engine: 'memcached',
    head: `VA ${large}\r\n`,
    piece: 'a'.repeat(mebibyte),
    size: large,
    tail: '\r\n',
    ended: 'read',
  },
];

describe('The memory of a client', () => {
  for (const { what, engine, head, piece, size, tail, ended } of replies) {
    it(`grows by the bytes of a reply and no more than 64 MiB: ${engine}, ${what}`, async () => {
      const server = await startHostileServer((socket, asked) => {
        if (/HGET|^mg /.test(asked)) {
          socket.write(head);
          void flood(socket, Buffer.from(piece), size).then(() => socket.write(tail));
        } else socket.write(honestRedis(asked));
      });
      const client = fork(join(__dirname, '../../helpers/hungryClient.js'), [engine, String(server.port)]);
      try {
        const [report] = (await Promise.race([once(client, 'message'), endOf(client)])) as [HungryReport];
        assert.equal(report.ended, ended);
        assert.ok(report.grown < size + most, `${report.grown} bytes for ${size}`);
      } finally {
        client.kill();
        await server.close();
      }
    }).timeout(60_000);
  }
});

/** Rejects when a client ends before it told anything. */
async function endOf(client: ChildProcess): Promise<never> {
  const [code] = (await once(client, 'exit')) as [number | null];
  throw new Error(`The client ended with ${code}`);
}
