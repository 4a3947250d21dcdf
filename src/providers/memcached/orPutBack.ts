import type { Buffer } from 'node:buffer';
import type { CallOptions } from '../../engine/connections/cacheProvider';
import { EngineError, toEngineError } from '../../engine/kernel/errors';
import type { MemcachedLink } from './memcachedLink';
import { metaSet } from './metaCommands';
import { metaParser, type MetaReply } from './replies';

/** What was read of the item that may be dropped. */
interface Dropped {
  readonly key: Buffer;
  readonly item: { readonly data?: Buffer; readonly flags: number } | undefined;
  readonly expiration: number;
}

/**
 * Sends an `ms`. A server that has no room for the new value has dropped the item that was there by the time it says
 * so: that one is written again, unless someone else was faster.
 */
export async function orPutBack(
  link: MemcachedLink,
  command: Buffer,
  there: Dropped,
  call: CallOptions,
): Promise<MetaReply> {
  try {
    return await link.send(command, metaParser, call);
  } catch (thrown) {
    const error = toEngineError(thrown);
    const { key, item, expiration } = there;
    if (error.reason === 'server-full' && item?.data)
      await link
        .send(metaSet(key, item.data, `ME F${item.flags} T${expiration}`), metaParser, call)
        .catch((cause: unknown) => Promise.reject(dropped(toEngineError(cause))));
    throw error;
  }
}

function dropped(cause: EngineError): EngineError {
  return new EngineError(
    'CONNECTION_FAILED',
    'server-full',
    'The server has no room for the value. It dropped the item that was there, which could not be written again',
    { cause },
  );
}
