import type { CallOptions, ScanBatch, ScanRequest } from '../../engine/connections/cacheProvider';
import { EngineError } from '../../engine/kernel/errors';
import { pause, withDeadline } from '../../engine/kernel/deadline';
import { matchesGlob } from '../../engine/keys/glob';
import { keyName } from '../../engine/kernel/keyName';
import { batchOfNames, type NameBatch } from '../../engine/kernel/nameBatch';
import { openSocket, type SocketRequest } from './openSocket';
import { dumpParser } from './dumpParser';

/** How often and how long a busy crawler is waited for: it walks for one client at a time. */
const busyRetries = 100;
const busyWaitMs = 300;

/**
 * Walks all keys of one server with `lru_crawler metadump`, on a socket of its own (the server refuses anything
 * pipelined before it). There is no cursor: to continue, the walk starts anew and the first `skip` keys count as
 * looked at before. Items added while it runs may be missing.
 */
export async function* dumpKeys(
  request: SocketRequest,
  scan: ScanRequest,
  skip: number,
  serverNow: number,
  call: CallOptions,
): AsyncIterable<ScanBatch> {
  let seen = 0;
  for await (const keys of busyTolerant(request, serverNow, call)) {
    const examined = Math.max(0, seen + keys.length - Math.max(skip, seen));
    seen += keys.length;
    const glob = scan.match && keyName(scan.match);
    const matching =
      glob === undefined ? keys : batchOfNames(keys.names().filter((key) => matchesGlob(glob, key)));
    yield { keys: matching, examined, cursor: String(seen) };
  }
}

/** Commands that walk all keys, newest first; `hash` walks the table itself and misses least. */
const dumpCommands = ['lru_crawler metadump hash\r\n', 'lru_crawler metadump all\r\n'] as const;

async function* busyTolerant(
  request: SocketRequest,
  serverNow: number,
  call: CallOptions,
): AsyncIterable<NameBatch> {
  let command: string = dumpCommands[0];
  for (let attempt = 1; ; attempt++) {
    try {
      yield* walk(request, command, serverNow, call);
      return;
    } catch (thrown) {
      if (!(thrown instanceof EngineError)) throw thrown;
      const isOld = thrown.reason === 'unsupported' && command === dumpCommands[0];
      if (isOld) command = dumpCommands[1];
      else if (thrown.reason !== 'server-busy' || attempt > busyRetries || call.signal?.aborted) throw thrown;
      else await pause(busyWaitMs, call.signal);
    }
  }
}

async function* walk(
  request: SocketRequest,
  command: string,
  serverNow: number,
  call: CallOptions,
): AsyncIterable<NameBatch> {
  const socket = await openSocket(request, call);
  try {
    socket.write(command);
    const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
    const parse = dumpParser(serverNow);
    for (;;) {
      const { value, done } = await withDeadline(chunks.next(), call, 'The list of keys');
      if (done)
        throw new EngineError(
          'CONNECTION_FAILED',
          'dropped',
          'The connection was lost while the keys were listed',
          { retryable: true },
        );
      const { keys, ended } = parse(value);
      if (keys.length > 0) yield keys;
      if (ended) return;
    }
  } finally {
    socket.destroy();
  }
}
