import type { CacheProviderFactory } from '../../engine/connections/cacheProvider';
import { openMetaProvider } from './metaProvider';
import { openSaslProvider } from './saslProvider';

/** Opens sessions with Memcached servers: over SASL through memjs, over anything else through our own socket. */
export const memcachedFactory: CacheProviderFactory = {
  open: (request, call) =>
    request.profile.auth.method === 'sasl'
      ? openSaslProvider(request, call)
      : openMetaProvider(request, call),
};
