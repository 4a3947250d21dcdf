import type { CallOptions, ScanBatch, ScanRequest } from '../../engine/connections/cacheProvider';
import { batchOfNames } from '../../engine/kernel/nameBatch';
import type { MemcachedLink } from './memcachedLink';
import { dumpKeys } from './metadump';

/**
 * Lists the keys of all servers, one after the other. A cursor is `<server>:<keys already seen there>`; a pattern
 * is matched here, because the server knows none.
 */
export async function* scanServers(
  links: readonly MemcachedLink[],
  request: ScanRequest,
  serverNow: number,
  call: CallOptions,
): AsyncIterable<ScanBatch> {
  const [start = 0, skip = 0] = (request.cursor ?? '0:0').split(':').map(Number);
  for (let server = start; server < links.length; server++) {
    const link = links[server] as MemcachedLink;
    for await (const batch of dumpKeys(link.request, request, server === start ? skip : 0, serverNow, call)) {
      yield { ...batch, cursor: `${server}:${batch.cursor ?? 0}` };
    }
    const isLast = server === links.length - 1;
    yield { keys: batchOfNames([]), examined: 0, ...(!isLast && { cursor: `${server + 1}:0` }) };
  }
}
