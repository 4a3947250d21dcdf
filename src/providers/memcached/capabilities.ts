import type { Capabilities, CapabilityName, CapabilityState } from '../../engine/connections/capabilities';

const no = (reason: string): CapabilityState => ({ available: false, reason });
const yes: CapabilityState = { available: true };

/** What no Memcached server can do, whatever its version and settings. */
const never = {
  types: no('Memcached knows no types: every value is an item'),
  slowLog: no('Memcached keeps no log of slow commands'),
  latency: no('Memcached keeps no latency history'),
  monitorStream: no('Watching commands is not available for Memcached yet'),
  keyspaceEvents: no('Memcached tells no events of keys'),
  cluster: no('Memcached servers know nothing of each other'),
  rename: no('Memcached cannot rename: the item would have to be written anew'),
  duplicate: no('Memcached cannot copy an item by itself'),
  fieldTtl: no('Memcached has no hashes'),
} as const satisfies Partial<Record<CapabilityName, CapabilityState>>;

/** Capabilities of servers that speak the meta protocol, from `stats settings` of each. */
export function metaCapabilities(settings: readonly ReadonlyMap<string, string>[]): Capabilities {
  const off = (name: string): boolean => settings.some((server) => server.get(name) === 'no');
  const enumerate = enumeration(off);
  return {
    ...never,
    serverInfo: yes,
    configuration: yes,
    ttl: yes,
    enumerate,
    patternScan: enumerate.available
      ? { available: true, note: 'Patterns are matched here: the server lists all keys' }
      : enumerate,
    bulkDeletePreview: enumerate,
    snapshotRestore: yes,
    compareAndSet: off('cas_enabled') ? no('The server was started with -C, so values have no CAS') : yes,
  };
}

function enumeration(off: (name: string) => boolean): CapabilityState {
  if (off('dump_enabled'))
    return no('The server was started with -X, so keys cannot be listed: open them by name');
  if (off('lru_crawler'))
    return no('The LRU crawler is switched off, so keys cannot be listed: open them by name');
  return { available: true, note: 'Items added while the list is made may be missing' };
}

const binaryOnly = 'The server speaks only the binary protocol (SASL)';

/** Capabilities over SASL, where only the binary protocol is open. */
export const saslCapabilities: Capabilities = {
  ...never,
  serverInfo: yes,
  configuration: no(`${binaryOnly}, which tells no settings`),
  ttl: { available: true, note: `${binaryOnly}: a time to live can be set, but not read` },
  enumerate: no(`${binaryOnly}, so keys cannot be listed: open them by name`),
  patternScan: no(`${binaryOnly}, so keys cannot be listed`),
  bulkDeletePreview: no(`${binaryOnly}, so keys cannot be listed`),
  snapshotRestore: no(`${binaryOnly}, which cannot tell the time to live`),
  compareAndSet: no(`${binaryOnly}: an edit would lose the time to live, which it cannot tell`),
};
