/** What a connection may be able to do; probed on each connection, never assumed from the engine. */
export const capabilityNames = [
  'ttl',
  'enumerate',
  'patternScan',
  'types',
  'monitorStream',
  'serverInfo',
  'configuration',
  'slowLog',
  'latency',
  'keyspaceEvents',
  'bulkDeletePreview',
  'snapshotRestore',
  'compareAndSet',
  'cluster',
  'rename',
  'duplicate',
  'fieldTtl',
] as const;

export type CapabilityName = (typeof capabilityNames)[number];

/** A capability that is there (perhaps with limits worth telling), or is not, and why. */
export type CapabilityState =
  | { readonly available: true; readonly note?: string }
  | { readonly available: false; readonly reason: string };

export type Capabilities = Readonly<Record<CapabilityName, CapabilityState>>;

/** What a server says of itself. */
export interface ServerIdentity {
  readonly product: 'redis' | 'valkey' | 'memcached';
  readonly version: string;
  /** Redis: master or replica. */
  readonly role?: string;
  /** Redis: the ACL user the connection runs as. */
  readonly aclUser?: string;
  /** Number of logical databases, when the server tells it. */
  readonly databases?: number;
  readonly tls: boolean;
}
