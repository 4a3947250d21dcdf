import type { Capabilities, CapabilityState, ServerIdentity } from '../../engine/connections/capabilities';
import type { CommandTable } from '../../engine/connections/commandAccess';
import type { CallOptions, DatabaseInfo } from '../../engine/connections/cacheProvider';
import { EngineError } from '../../engine/kernel/errors';
import type { RedisLink, Reply } from './redisLink';
import { asList, asText, pairs } from './replies';

/** What the server tells of itself right after the handshake. */
export interface Probe {
  readonly table: CommandTable | undefined;
  readonly identity: ServerIdentity;
  readonly capabilities: Capabilities;
}

/**
 * Asks the server who it is and what this user may do. Only refusals of permission are put up with, as missing
 * capabilities; NOAUTH, LOADING and a lost link reject.
 */
export async function probeServer(link: RedisLink, tls: boolean, call: CallOptions): Promise<Probe> {
  const [ping, commands, info, user, slowlog, latency, databases, hello] = await link.pipeline(
    [
      ['PING'],
      ['COMMAND'],
      ['INFO'],
      ['ACL', 'WHOAMI'],
      ['SLOWLOG', 'LEN'],
      ['LATENCY', 'LATEST'],
      ['CONFIG', 'GET', 'databases'],
      ['HELLO'],
    ],
    call,
  );
  if (ping instanceof EngineError && ping.reason !== 'no-permission') throw ping;
  const table = isReply(commands) ? parseCommandTable(commands) : undefined;
  const facts = isReply(info) ? parseInfo(asText(info)) : new Map<string, string>();
  const greeting = isReply(hello) ? parseHello(hello) : new Map<string, string>();
  const version =
    facts.get('valkey_version') ?? facts.get('redis_version') ?? greeting.get('version') ?? 'unknown';
  const aclUser = isReply(user) ? asText(user) : undefined;
  const identity: ServerIdentity = {
    product: facts.has('valkey_version') || greeting.get('server') === 'valkey' ? 'valkey' : 'redis',
    version,
    tls,
    ...optional('role', facts.get('role') ?? greeting.get('role')),
    ...optional('aclUser', aclUser),
    ...optional('databases', isReply(databases) ? Number(asList(databases)[1]) || undefined : undefined),
  };
  const tryOut = {
    serverInfo: stateOf('INFO', info, aclUser),
    configuration: stateOf('CONFIG', databases, aclUser),
    slowLog: stateOf('SLOWLOG', slowlog, aclUser),
    latency: stateOf('LATENCY', latency, aclUser),
  };
  return { table, identity, capabilities: { ...fromCommands(table, version, aclUser), ...tryOut } };
}

function isReply(reply: Reply | EngineError | undefined): reply is Reply {
  return reply !== undefined && !(reply instanceof EngineError);
}

function optional<K extends string, T>(name: K, value: T | undefined): Partial<Record<K, T>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, T>);
}

function stateOf(
  command: string,
  reply: Reply | EngineError | undefined,
  user: string | undefined,
): CapabilityState {
  return isReply(reply) ? { available: true } : { available: false, reason: refusal(command, reply, user) };
}

function refusal(command: string, error: EngineError | undefined, user: string | undefined): string {
  if (error?.reason === 'no-permission')
    return `${command} is not allowed for user "${user ?? 'this user'}" (NOPERM)`;
  return `${command} is not available on this server: ${error?.message ?? 'no answer'}`;
}

/** Capability to the command it stands on. */
const commandOf = {
  ttl: 'pttl',
  enumerate: 'scan',
  patternScan: 'scan',
  types: 'type',
  monitorStream: 'monitor',
  keyspaceEvents: 'psubscribe',
  bulkDeletePreview: 'scan',
  snapshotRestore: 'restore',
  compareAndSet: 'eval',
  cluster: 'cluster',
  rename: 'renamenx',
  duplicate: 'copy',
  fieldTtl: 'hpexpireat',
} as const;

type Derived = Omit<Capabilities, 'serverInfo' | 'configuration' | 'slowLog' | 'latency'>;

function fromCommands(table: CommandTable | undefined, version: string, user: string | undefined): Derived {
  const state = (command: string): CapabilityState => {
    if (!table)
      return {
        available: true,
        note: `COMMAND is not allowed for user "${user ?? 'this user'}", so rights show only when used`,
      };
    if (table.has(command)) return { available: true };
    return {
      available: false,
      reason: `${command.toUpperCase()} is not known to this server (version ${version})`,
    };
  };
  const entries = Object.entries(commandOf).map(([name, command]) => [name, state(command)] as const);
  const derived = Object.fromEntries(entries) as Record<keyof Derived, CapabilityState>;
  const cluster: CapabilityState = {
    available: false,
    reason: 'Cluster topology is not supported yet: the connection speaks to this one server',
  };
  return { ...derived, cluster };
}

/** What HELLO tells, for users who may not see INFO: names and texts. */
function parseHello(reply: Reply): ReadonlyMap<string, string> {
  const facts = pairs(asList(reply)).filter(([, value]) => !Array.isArray(value));
  return new Map(facts.map(([name, value]) => [asText(name), asText(value)]));
}

function parseCommandTable(reply: Reply): CommandTable {
  const table = new Map<string, ReadonlySet<string>>();
  const add = (entry: Reply): void => {
    const [name, , flags, , , , , , , subcommands] = asList(entry);
    table.set(asText(name).toLowerCase(), new Set(asList(flags).map(asText)));
    if (Array.isArray(subcommands)) (subcommands as Reply[]).forEach(add);
  };
  asList(reply).forEach(add);
  return table;
}

/** Databases of `INFO keyspace`: lines such as `db0:keys=12,expires=3,avg_ttl=0`. */
export function parseKeyspace(text: string): DatabaseInfo[] {
  return [...text.matchAll(/^db(\d+):keys=(\d+)/gm)].map(([, db, keys]) => ({
    db: Number(db),
    keys: Number(keys),
  }));
}

function parseInfo(text: string): Map<string, string> {
  const lines = text.split('\r\n').map((line) => line.split(':'));
  return new Map(lines.map(([name = '', ...value]) => [name, value.join(':')]));
}
