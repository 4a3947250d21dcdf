/** What stands where something was hidden. */
export const hidden = '«hidden»';

const urlCredentials = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi;
/** `password=x`, `"token": "x"`, `AUTH user x`: the name stays, the rest of the word or quoted text goes. */
const namedSecret =
  /((?:pass(?:word|phrase|wd)?|secret|token|api[-_]?key|requirepass|masterauth|masteruser)["']?\s*[:=\s]\s*)("[^"]*"|'[^']*'|[^\s,;}]+)/gi;
const authCommand = /\b(AUTH|HELLO\s+\d\s+AUTH)\s+\S.*$/gim;
const aclPassword = /(^|\s)([<>#!])\S+/g;

/**
 * Hides secrets in free text (messages of servers and libraries) before it is logged, stored or shown: URL
 * credentials, values after a secret-like name, everything after AUTH, ACL SETUSER passwords.
 */
export function redactText(text: string): string {
  const safe = text
    .replace(urlCredentials, `$1${hidden}@`)
    .replace(authCommand, `$1 ${hidden}`)
    .replace(namedSecret, `$1${hidden}`);
  return /\bSETUSER\b/i.test(safe) ? safe.replace(aclPassword, `$1$2${hidden}`) : safe;
}

/** Commands whose arguments hold neither a value nor a secret, and so may be shown: key names only. */
const keyOnly = new Set([
  'GET', 'TTL', 'PTTL', 'TYPE', 'EXISTS', 'DEL', 'UNLINK', 'STRLEN', 'HLEN', 'HGETALL', 'LLEN', 'SCARD', 'SMEMBERS',
  'ZCARD', 'XLEN', 'PERSIST', 'DUMP', 'RENAME', 'RENAMENX', 'MGET', 'OBJECT ENCODING', 'MEMORY USAGE',
]); // prettier-ignore

/** Commands without any argument worth hiding. */
const open = new Set([
  'PING',
  'INFO',
  'DBSIZE',
  'SCAN',
  'SLOWLOG GET',
  'SLOWLOG LEN',
  'COMMAND',
  'CONFIG GET',
  'ACL WHOAMI',
]);

const containers = new Set([
  'OBJECT',
  'MEMORY',
  'SLOWLOG',
  'CONFIG',
  'ACL',
  'CLIENT',
  'XINFO',
  'SCRIPT',
  'FUNCTION',
]);

/**
 * A command line fit for history and log: the exact command and subcommand decide, and what is not known to be
 * harmless loses all its arguments. `showKeys` false hides key names as well.
 */
export function redactCommand(args: readonly string[], showKeys: boolean): string {
  const [name = '', ...rest] = args;
  const upper = name.toUpperCase();
  const isContainer = containers.has(upper) && rest.length > 0;
  const command = isContainer ? `${upper} ${(rest.shift() ?? '').toUpperCase()}` : upper;
  if (rest.length === 0) return command;
  const visible = open.has(command) || (showKeys && keyOnly.has(command));
  return visible ? `${command} ${rest.join(' ')}` : `${command} ${hidden}`;
}
