import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { Change } from '../../engine/connections/change';
import { jsonApplied } from './applyJson';
import { ttlApplied } from './applyTtl';
import { elementsApplied } from './elementsApplied';
import type { RedisLink } from './redisLink';
import { asNumber, asOptionalBuffer } from './replies';
import { streamApplied } from './streamApplied';

/**
 * Reads back whether a change whose reply was lost has happened; undefined when the server's state fits both
 * answers. The socket of the write was reset, so nothing of it can arrive late; what had already reached a
 * stalled server is run, at the latest, in the turn of its event loop that answers the PING sent here first.
 */
export async function wasApplied(
  link: RedisLink,
  change: Change,
  call: CallOptions,
): Promise<boolean | undefined> {
  await link.send(['PING'], call);
  switch (change.kind) {
    case 'string.set': {
      if (change.ttl.mode !== 'keep') return undefined;
      return compare(
        asOptionalBuffer(await link.send(['GET', change.key], call)),
        change.before,
        change.after,
      );
    }
    case 'elements':
      return elementsApplied(link, change, call);
    case 'stream':
      return streamApplied(link, change, call);
    case 'json.set':
      return jsonApplied(link, change, call);
    case 'ttl':
      return ttlApplied(link, change, call);
    case 'rename': {
      const [from, to] = await Promise.all([exists(link, change.key, call), exists(link, change.to, call)]);
      if (from === to) return undefined;
      return to;
    }
    case 'create':
    case 'duplicate':
      // this session sees its own database only
      if (change.kind === 'duplicate' && change.toDb !== undefined) return undefined;
      // an equal key may have been made by someone else; its absence proves that ours was not
      return (await exists(link, change.kind === 'create' ? change.key : change.to, call))
        ? undefined
        : false;
    default:
      return undefined;
  }
}

function compare(now: Buffer | undefined, before: Buffer | undefined, after: Buffer): boolean | undefined {
  const isAfter = now?.equals(after) ?? false;
  const isBefore = now === undefined ? before === undefined : (before?.equals(now) ?? false);
  if (isAfter === isBefore) return undefined;
  return isAfter;
}

async function exists(link: RedisLink, key: Buffer, call: CallOptions): Promise<boolean> {
  return asNumber(await link.send(['EXISTS', key], call)) === 1;
}
