import type { CallOptions, ScanBatch, ScanRequest } from '../../engine/connections/cacheProvider';
import { EngineError } from '../../engine/kernel/errors';
import { keyBytes } from '../../engine/kernel/keyName';
import { batchOfNames, SeparateNames, type NameBatch } from '../../engine/kernel/nameBatch';
import type { Arg, RedisLink } from './redisLink';
import { asBuffer, asList, asText, unwrap } from './replies';

/** Keys asked for a call: the server is blocked about 3 ms by 1000 of them. */
const minimumCount = 1000;
/** Upper end while nothing matches: an empty reply is cheap to send, so more may be looked at. */
const maximumCount = 5000;

/**
 * Streams SCAN batches from `request.cursor` on. The next batch is asked for while the consumer works on this one.
 * A server older than 6 has no TYPE option: keys are then sorted out here, with TYPE a key.
 */
export async function* scanKeys(
  link: RedisLink,
  request: ScanRequest,
  call: CallOptions,
): AsyncIterable<ScanBatch> {
  let count = minimumCount;
  let next = scanOnce(link, request, request.cursor ?? '0', count, call);
  for (;;) {
    const { cursor, keys } = await next;
    const examined = count;
    const more = cursor !== '0';
    count = adaptCount(count, keys.length);
    if (more) {
      next = scanOnce(link, request, cursor, count, call);
      // the consumer may stop before it awaits this one; its failure then concerns nobody
      next.catch(() => undefined);
    }
    yield { keys, examined, ...(more && { cursor }) };
    if (!more) return;
  }
}

function adaptCount(count: number, found: number): number {
  return found * 20 < count ? Math.min(count * 2, maximumCount) : minimumCount;
}

async function scanOnce(
  link: RedisLink,
  request: ScanRequest,
  cursor: string,
  count: number,
  call: CallOptions,
) {
  const options: Arg[] = ['COUNT', count];
  if (request.match) options.push('MATCH', request.match);
  try {
    const typed = request.type === undefined ? options : [...options, 'TYPE', request.type];
    return parseScan(await link.send(['SCAN', cursor, ...typed], call));
  } catch (thrown) {
    if (request.type === undefined || !(thrown instanceof EngineError) || thrown.reason !== 'unsupported')
      throw thrown;
    const batch = parseScan(await link.send(['SCAN', cursor, ...options], call));
    return { cursor: batch.cursor, keys: await ofType(link, batch.keys, request.type, call) };
  }
}

function parseScan(reply: Awaited<ReturnType<RedisLink['send']>>) {
  const [cursor, keys] = asList(reply);
  return { cursor: asText(cursor), keys: new SeparateNames(asList(keys).map(asBuffer)) };
}

async function ofType(link: RedisLink, keys: NameBatch, type: string, call: CallOptions): Promise<NameBatch> {
  const names = keys.names();
  const types = await link.pipeline(
    names.map((key) => ['TYPE', keyBytes(key)] as const),
    call,
  );
  return batchOfNames(names.filter((_, i) => asText(unwrap(types[i])) === type));
}
