/** Flags of commands as the server lists them: `name` or `container|subcommand`, lower case, to its flags. */
export type CommandTable = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Commands that change neither data nor configuration although the server does not flag them `readonly`:
 * handshake, introspection and diagnosis. Everything that is not here must be flagged by the server.
 */
const harmless = new Set([
  'ping', 'echo', 'time', 'auth', 'hello', 'select', 'quit', 'info', 'role', 'lastsave', 'command',
  'command|count', 'command|docs', 'command|info', 'command|list', 'command|getkeys',
  'client|id', 'client|getname', 'client|setname', 'client|setinfo', 'client|info', 'client|list', 'client|no-touch',
  'config|get', 'slowlog|get', 'slowlog|len', 'latency|latest', 'latency|history', 'latency|histogram', 'latency|doctor',
  'acl|whoami', 'acl|dryrun', 'acl|cat', 'memory|stats', 'memory|doctor', 'module|list', 'cluster|info', 'cluster|nodes',
]); // prettier-ignore

/** The reads of this product, for servers that do not let the user see COMMAND. */
const knownReads = new Set([
  'get', 'getrange', 'strlen', 'type', 'exists', 'ttl', 'pttl', 'expiretime', 'pexpiretime', 'dbsize', 'scan',
  'hlen', 'hget', 'hscan', 'hstrlen', 'hpttl', 'hpexpiretime', 'llen', 'lrange', 'scard', 'sscan', 'zcard', 'zscan', 'zrange', 'zrevrange', 'lindex',
  'xlen', 'xrange', 'xrevrange', 'xinfo|groups', 'xinfo|stream', 'object|encoding', 'object|idletime', 'memory|usage', 'dump',
  'json.get', 'json.type',
]); // prettier-ignore

const containers = new Set([
  'acl', 'client', 'cluster', 'command', 'config', 'debug', 'function', 'latency', 'memory', 'module', 'object',
  'pubsub', 'script', 'slowlog', 'xgroup', 'xinfo',
]); // prettier-ignore

/** Name under which a command is looked up: `get`, or `config|set` for a container. */
export function commandName(args: readonly (string | Buffer | number)[], table?: CommandTable): string {
  const name = String(args[0]).toLowerCase();
  const sub = args.length > 1 ? `${name}|${String(args[1]).toLowerCase()}` : name;
  return table?.has(sub) || containers.has(name) ? sub : name;
}

/**
 * Whether a command surely changes nothing. Decided by what the server says the command does, never by a list
 * of forbidden names: a command that nobody vouches for counts as a write.
 */
export function isRead(
  args: readonly (string | Buffer | number)[],
  table: CommandTable | undefined,
): boolean {
  const name = commandName(args, table);
  if (harmless.has(name)) return true;
  const flags = table?.get(name);
  if (flags) return flags.has('readonly') && !flags.has('write');
  // servers before 7 list a container without its subcommands
  return knownReads.has(name) && table?.has(containerOf(name)) !== false;
}

function containerOf(name: string): string {
  return name.split('|')[0] ?? name;
}
