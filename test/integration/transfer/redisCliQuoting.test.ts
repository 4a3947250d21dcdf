import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { Redis } from 'ioredis';
import { parseCommandLine } from '../../../src/engine/transfer/commandLine';
import { type CacheServer, startRedis } from '../../helpers/cacheServer';
import { seededRandom } from '../../helpers/random';
import { requireTool } from '../../../scripts/tools.cjs';

/** What redis-cli prints of a line whose quotes do not fit. */
const refused = 'Invalid argument(s)';
const pieces = [
  'a', 'b', ' ', '  ', '\t', '\v', '\f', '\r', '"', '"', "'", "'", '\\', '\\\\', "\\'", '\\"', '\\n', '\\x41', '\\x4', '\\xzz', 'é', 'q',
]; // prettier-ignore

/** Runs lines through redis-cli; what it prints of each. */
function throughCli(port: number, lines: readonly string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const cli = execFile(requireTool('redis-cli'), ['-p', String(port)], (error, stdout) => {
      if (error) reject(new Error(error.message));
      else resolve(stdout.split('\n').filter(Boolean));
    });
    cli.stdin?.end(lines.map((line) => `${line}\n`).join(''));
  });
}

describe('a command line beside redis-cli itself', () => {
  let server: CacheServer;
  let peer: Redis;

  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
  });

  after(async () => {
    peer.disconnect();
    await server.stop();
  });

  it('is taken apart alike, and refused alike, whatever quotes and escapes are in it', async () => {
    const random = seededRandom(57);
    const tails = Array.from({ length: 3000 }, () =>
      Array.from({ length: 1 + random.below(9) }, () => pieces[random.below(pieces.length)]).join(''),
    );
    // the first argument keeps a line from being empty, which redis-cli passes over
    const lines = tails.map((tail, i) => `RPUSH ${i} x${tail}`);
    const printed = await throughCli(server.port, lines);
    assert.equal(printed.length, lines.length);
    let whole = 0;
    for (const [i, line] of lines.entries()) {
      const expected = printed[i] === refused ? undefined : await peer.lrangeBuffer(String(i), 0, -1);
      assert.deepEqual(parseCommandLine(line)?.slice(2), expected, JSON.stringify(line));
      whole += Number(expected !== undefined);
    }
    assert.ok(whole > 500 && whole < 2500, `${whole} of them fit`);
  });
});
