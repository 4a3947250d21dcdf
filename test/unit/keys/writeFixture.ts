import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { ConnectionProfile } from '../../../src/engine/connections/profile';
import { EngineError } from '../../../src/engine/kernel/errors';
import { Recorder } from '../../../src/engine/kernel/recorder';
import { WriteGate, type WriteRequest } from '../../../src/engine/keys/guard';
import { aProfile, memoryHistory, memoryLog, memoryProfiles } from '../../helpers/ports';
import { connectionsOf } from '../connections/fakeConnections';
import { fakeProvider } from '../connections/fakeProvider';

/** The reply of a write was lost. */
export const lost = new EngineError('TIMEOUT', 'timeout', 'no answer', { retryable: true });

/** A write gate over one connection of a provider of the test's making. */
export async function gateOver(
  methods: Partial<CacheProvider> = {},
  profile: Partial<ConnectionProfile> = {},
  trust = { isTrusted: true },
) {
  const store = memoryProfiles(aProfile(6379, { id: 'c', name: 'Shop', ...profile }));
  const { connections, server } = connectionsOf(
    store,
    () => fakeProvider(methods),
    () => trust.isTrusted,
  );
  await connections.list();
  const history = memoryHistory();
  let ids = 0;
  const random = { id: () => `event-${++ids}`, next: () => 0 };
  const clock = { now: () => 0, monotonic: () => 0 };
  const recorder = new Recorder({ history, clock, random, log: memoryLog() }, () => undefined);
  const gate = new WriteGate({ connections, recorder, isTrusted: () => trust.isTrusted });
  const statuses = async () => {
    await recorder.settled();
    return history.events.map(({ status }) => status);
  };
  return { gate, connections, connection: connections.get('c'), server, history, statuses };
}

let requests = 0;

/** A submission of its own. */
export function aRequest(changes: Partial<WriteRequest> = {}): WriteRequest {
  return {
    requestId: `request-${++requests}`,
    connectionId: 'c',
    db: 0,
    action: 'key.delete',
    target: 'user:1',
    destructive: false,
    ...changes,
  };
}
