import extensionStore from '../../out/test/helpers/extensionStore.js';
import profileModule from '../../out/src/engine/connections/profile.js';

const { withStore } = extensionStore;
const { parseProfile, profileDefaults } = profileModule;

/** Names of the demo connections. */
export const demoNames = {
  redis: 'Demo Redis',
  memcached: 'Demo Memcached',
  guarded: 'Demo Redis (prod, read-only)',
};

/** Puts the demo connections, a namespace and a saved search into the store of an extension that does not run yet. */
export function saveDemoProfiles(folder, { redisPort, memcachedPort }) {
  return withStore(folder, async ({ profiles, namespaces, searches }) => {
    for (const profile of demoProfiles(redisPort, memcachedPort)) await profiles.save(parseProfile(profile));
    const orders = Buffer.from('shop:order:').toString('base64');
    await namespaces.save({
      id: 'demo-orders',
      connectionId: 'demo-redis',
      name: 'orders',
      db: 0,
      prefix: orders,
    });
    const search = {
      id: 'demo-carts',
      connectionId: 'demo-redis',
      name: 'carts of users',
      pattern: 'user:*:cart',
      createdAt: Date.now(),
    };
    await searches.save(search);
  });
}

function demoProfiles(redisPort, memcachedPort) {
  const now = Date.now();
  const profile = (engine, id, order, port, changes) => ({
    ...profileDefaults(engine),
    id,
    order,
    endpoints: [{ kind: 'tcp', host: '127.0.0.1', port }],
    tags: ['demo'],
    createdAt: now,
    updatedAt: now,
    ...changes,
  });
  return [
    profile('redis', 'demo-redis', 0, redisPort, { name: demoNames.redis }),
    profile('memcached', 'demo-memcached', 1, memcachedPort, { name: demoNames.memcached }),
    profile('redis', 'demo-guarded', 2, redisPort, {
      name: demoNames.guarded,
      environment: 'prod',
      readOnly: true,
    }),
  ];
}
