import type { Log, LogFields } from '../../src/engine/kernel/ports';
import type { HistoryEvent, HistoryStore, StoredHistoryEvent } from '../../src/engine/kernel/history';
import type { ConnectionProfile } from '../../src/engine/connections/profile';
import { profileDefaults } from '../../src/engine/connections/profile';
import { bindingOf } from '../../src/engine/connections/secretBinding';
import type {
  ConnectionSecrets,
  KeptSecrets,
  ProfileStore,
  SecretIntents,
  SecretVault,
} from '../../src/engine/connections/stores';

/** A log that keeps its lines. */
export function memoryLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const add =
    (level: string) =>
    (message: string, fields?: LogFields): void => {
      lines.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
    };
  return { lines, debug: add('debug'), info: add('info'), warn: add('warn'), error: add('error') };
}

/** A history in memory, newest first when listed. */
export function memoryHistory(): HistoryStore & { readonly events: HistoryEvent[] } {
  const events: HistoryEvent[] = [];
  return {
    events,
    append: (added) => {
      events.push(...added);
      return Promise.resolve();
    },
    list: ({ limit }) =>
      Promise.resolve(
        events
          .map((event, i): StoredHistoryEvent => ({ ...event, seq: i + 1 }))
          .reverse()
          .slice(0, limit),
      ),
  };
}

/** Profiles in memory; `failWith` makes the next writes reject. */
export function memoryProfiles(
  ...initial: ConnectionProfile[]
): ProfileStore & { failWith: Error | undefined } {
  const byId = new Map(initial.map((profile) => [profile.id, profile]));
  const store = {
    failWith: undefined as Error | undefined,
    list: () => Promise.resolve([...byId.values()]),
    save: (profile: ConnectionProfile) => store.act(() => byId.set(profile.id, profile)),
    remove: (id: string) => store.act(() => byId.delete(id)),
    reorder: (orders: ReadonlyMap<string, number>) =>
      store.act(() => {
        for (const profile of byId.values()) {
          byId.set(profile.id, { ...profile, order: orders.get(profile.id) ?? profile.order });
        }
      }),
    act: (work: () => unknown): Promise<void> => {
      if (store.failWith) return Promise.reject(store.failWith);
      work();
      return Promise.resolve();
    },
  };
  return store;
}

/** Secrets in memory; `broken` names the methods that reject, as a missing keyring does. */
export function memoryVault(): SecretVault & {
  readonly kept: Map<string, KeptSecrets>;
  broken: Set<string>;
} {
  const kept = new Map<string, KeptSecrets>();
  const act = <T>(name: string, work: () => T): Promise<T> =>
    vault.broken.has(name) ? Promise.reject(new Error('no keyring')) : Promise.resolve(work());
  const vault = {
    kept,
    broken: new Set<string>(),
    get: (ref: string) => act('get', () => kept.get(ref)),
    set: (ref: string, secrets: KeptSecrets) => act('set', () => void kept.set(ref, secrets)),
    remove: (ref: string) => act('remove', () => void kept.delete(ref)),
  };
  return vault;
}

/** Secrets as they are kept once a person saved them for a profile. */
export function keptFor(profile: ConnectionProfile, secrets: ConnectionSecrets): KeptSecrets {
  return { ...secrets, boundTo: bindingOf(profile) };
}

/** Notes of acts on secrets in memory: those that are left, each with its profile. */
export function memoryIntents(): SecretIntents & { readonly left: Map<string, string> } {
  const left = new Map<string, string>();
  let begun = 0;
  return {
    left,
    begin: async (profileId) => {
      const id = `act ${++begun}`;
      left.set(id, profileId);
      return id;
    },
    end: async (id) => left.delete(id),
    begunBefore: async () => [...left].map(([id, profileId]) => ({ id, profileId })),
    hasProfile: () => Promise.reject(new Error('only a sweep asks this')),
  };
}

/** A valid profile of a server on loopback, changed as told. */
export function aProfile(port: number, changes: Partial<ConnectionProfile> = {}): ConnectionProfile {
  return {
    ...profileDefaults(changes.engine ?? 'redis'),
    id: 'test-connection',
    name: 'Test server',
    endpoints: [{ kind: 'tcp', host: '127.0.0.1', port }],
    timeoutMs: 2000,
    order: 0,
    createdAt: 0,
    updatedAt: 0,
    ...changes,
  };
}
