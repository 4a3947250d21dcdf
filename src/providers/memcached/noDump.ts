import { EngineError } from '../../engine/kernel/errors';

/** Memcached serialises nothing: an item is its bytes and flags. */
export function noDump(): Promise<never> {
  return Promise.reject(
    new EngineError(
      'NOT_SUPPORTED',
      'unsupported',
      'Memcached gives no serialised copies: read the item itself',
    ),
  );
}
