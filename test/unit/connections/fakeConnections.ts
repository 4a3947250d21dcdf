import { Connections } from '../../../src/engine/connections/connections';
import { SecretResolver } from '../../../src/engine/connections/secretResolver';
import type { ProfileStore } from '../../../src/engine/connections/stores';
import { memoryLog, memoryVault } from '../../helpers/ports';
import { fakeFactory, fakeProvider } from './fakeProvider';

/** The connections of a store, whose sessions are what `open` gives. */
export function connectionsOf(store: ProfileStore, open = () => fakeProvider(), isTrusted = () => true) {
  const server = fakeFactory(open);
  const log = memoryLog();
  const secrets = new SecretResolver({ vault: memoryVault(), ask: () => Promise.resolve(undefined), log });
  const factory = () => Promise.resolve(server.factory);
  const connections = new Connections(store, {
    factories: { redis: factory, memcached: factory },
    secrets,
    clock: { now: () => 0, monotonic: () => 0 },
    random: { id: () => 'id', next: () => 0 },
    log,
    isTrusted,
  });
  const fired: (string | undefined)[] = [];
  connections.onChange((id) => fired.push(id));
  return { connections, server, secrets, fired };
}
