// Writes test/golden/wire anew from the servers that CACHIFY_REDIS_SERVER and CACHIFY_MEMCACHED_SERVER name, beside what
// other servers have said: node out/test/unit/wire/recordReplies.js "redis 7.0.15" "memcached 1.6.18"
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { startMemcached, startRedis } from '../../helpers/cacheServer';
import { recordedFile, recordedReplies, type RecordedReply } from './recorded';

const binary = 'a\r\n$3\r\n\xff\x00VA 3\r\n';

const redisCommands: readonly (readonly string[])[] = [
  ['PING'],
  ['SET', 'text', 'value'],
  ['SET', 'binary', binary],
  ['GET', 'none'],
  ['GET', 'binary'],
  ['GETRANGE', 'binary', '0', '3'],
  ['DUMP', 'text'],
  ['PTTL', 'text'],
  ['HSET', 'hash', 'f', 'v', 'g', binary],
  ['HSCAN', 'hash', '0', 'COUNT', '100'],
  ['RPUSH', 'list', 'a', 'b', '', binary],
  ['LRANGE', 'list', '0', '-1'],
  ['LRANGE', 'none', '0', '-1'],
  ['SADD', 'set', '1', '2', '3'],
  ['SSCAN', 'set', '0'],
  ['ZADD', 'zset', '1.5', 'a', '-inf', 'b'],
  ['ZRANGE', 'zset', '0', '-1', 'WITHSCORES'],
  ['XADD', 'stream', '1-1', 'f', 'v'],
  ['XGROUP', 'CREATE', 'stream', 'group', '0'],
  ['XREADGROUP', 'GROUP', 'group', 'one', 'COUNT', '1', 'STREAMS', 'stream', '>'],
  ['XRANGE', 'stream', '-', '+'],
  ['XPENDING', 'stream', 'group', '-', '+', '10'],
  ['SCAN', '0', 'COUNT', '1000'],
  ['TYPE', 'stream'],
  ['INFO', 'keyspace'],
  ['COMMAND', 'INFO', 'get', 'xgroup', 'none'],
  ['CONFIG', 'GET', 'databases'],
  ['ACL', 'WHOAMI'],
  ['SLOWLOG', 'LEN'],
  ['LATENCY', 'LATEST'],
  ['EVAL', "return {1, 'two', {3, false}, {ok='fine'}}", '0'],
  ['EVAL', "return redis.error_reply('ERR none')", '0'],
  ['LPUSH', 'text', 'x'],
  ['NOSUCH', 'x'],
  ['BLPOP', 'none', '0.01'],
];

/** Of a transaction, what EXEC answers. */
const transaction = [['MULTI'], ['INCR', 'text'], ['DEL', 'none'], ['EXEC']];
const queued = '+QUEUED\r\n';

const memcachedCommands: readonly string[] = [
  'version\r\n',
  'set text 5 0 5\r\nvalue\r\n',
  `set binary 0 1000 ${binary.length}\r\n${binary}\r\n`,
  'set empty 0 0 0\r\n\r\n',
  'mg text v t f c l\r\n',
  'mg binary v t f c l\r\n',
  'mg empty v t f c l\r\n',
  'mg text t c l\r\n',
  'mg none v t f c l\r\n',
  'mg text T0\r\n',
  'me text\r\n',
  'me none\r\n',
  'gets text\r\n',
  'gets binary\r\n',
  'gets none\r\n',
  'touch text 0\r\n',
  'touch none 0\r\n',
  'ms made 3 F7 T100\r\nabc\r\n',
  'ms made 3 ME\r\nabc\r\n',
  'ms made 3 C1\r\nabc\r\n',
  'ms none 3 C1\r\nabc\r\n',
  'md made\r\n',
  'md made\r\n',
  'stats settings\r\n',
  'stats items\r\n',
  'lru_crawler metadump all\r\n',
  'nosuch\r\n',
  `mg ${'x'.repeat(300)} v\r\n`,
];

/** Sends one command after the other, each with one whose reply tells that the first one's is whole. */
async function record(
  server: string,
  port: number,
  commands: readonly string[],
  [marker, marked]: readonly [string, string],
): Promise<RecordedReply[]> {
  const socket = createConnection(port, '127.0.0.1');
  await once(socket, 'connect');
  const replies: RecordedReply[] = [];
  for (const asked of commands) {
    const isAlone = asked.startsWith('lru_crawler');
    const end = isAlone ? 'END\r\n' : marked;
    socket.write(Buffer.from(isAlone ? asked : asked + marker, 'latin1'));
    let reply = '';
    while (!reply.endsWith(end)) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      reply += chunk.toString('latin1');
    }
    const own = isAlone ? reply : reply.slice(0, -marked.length);
    const answer = own.includes(queued) ? own.slice(own.lastIndexOf(queued) + queued.length) : own;
    replies.push({ server, asked, reply: answer });
  }
  socket.destroy();
  return replies;
}

function asResp(args: readonly string[]): string {
  return `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`;
}

function keep(engine: 'redis' | 'memcached', name: string, replies: readonly RecordedReply[]): void {
  const others = recordedReplies(engine).filter(({ server }) => server !== name);
  writeFileSync(recordedFile(engine), `${JSON.stringify([...others, ...replies], undefined, 2)}\n`);
}

async function run(redisName = 'redis', memcachedName = 'memcached'): Promise<void> {
  const redis = await startRedis();
  const quit = asResp(['ECHO', 'that was all']);
  const commands = [...redisCommands.map(asResp), transaction.map(asResp).join('')];
  keep('redis', redisName, await record(redisName, redis.port, commands, [quit, '$12\r\nthat was all\r\n']));
  await redis.stop();
  const memcached = await startMemcached();
  keep(
    'memcached',
    memcachedName,
    await record(memcachedName, memcached.port, memcachedCommands, ['mn\r\n', 'MN\r\n']),
  );
  await memcached.stop();
}

void run(...process.argv.slice(2));
