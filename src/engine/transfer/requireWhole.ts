import type { CacheReader } from '../connections/cacheProvider';
import { EngineError } from '../kernel/errors';

/** Rejects where keys cannot be read with their time to live: a copy would silently live for ever. */
export function requireWhole({ identity, capabilities: { snapshotRestore } }: CacheReader): void {
  // Redis tells times to live to whoever may read, with RESTORE or without
  if (identity.product === 'memcached' && !snapshotRestore.available)
    throw new EngineError('NOT_SUPPORTED', 'unsupported', snapshotRestore.reason);
}
