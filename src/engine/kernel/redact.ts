/** What stands where something was hidden. */
export const hidden = '«hidden»';

/** Up to the last `@` of the word: an unescaped password may itself hold `@` and `/`. */
const urlCredentials = /\b([a-z][a-z0-9+.-]*:\/\/|unix:)[^\s"'<>]*@/gi;
/**
 * `password=x`, `"token": "x"`, `requirepass x`: the name stays, the rest of the word or the quoted text goes. A space
 * is enough only after names that are no English words, or sentences about passwords would lose theirs.
 */
const namedSecret =
  /((?:(?:pass(?:word|phrase|wd)?|pwd|secret|token|api[-_]?key)(?:["']?\s*[:=]|["']\s*,)|(?:requirepass|masterauth|masteruser)["']?[:=,\s])\s*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\S+)/gi;
const secretHeader = /\b((?:proxy-)?authorization|(?:set-)?cookie)["']?\s*[:=]\s*\S.*$/gim;
const authCommand = /\b(AUTH)(?=["'\s,])["']?[\s,]+\S.*$/gim;
const aclPassword = /(^|[\s"',])([<>#!])[^\s"']+/g;

/**
 * Hides secrets in free text (messages of servers and libraries) before it is logged, stored or shown: URL
 * credentials, values after a secret-like name, authorization headers, everything after AUTH, ACL SETUSER passwords.
 */
export function redactText(text: string): string {
  const safe = text
    .replace(urlCredentials, `$1${hidden}@`)
    .replace(authCommand, `$1 ${hidden}`)
    .replace(secretHeader, `$1: ${hidden}`)
    .replace(namedSecret, `$1${hidden}`);
  return /\bSETUSER\b/i.test(safe) ? safe.replace(aclPassword, `$1$2${hidden}`) : safe;
}

/** Commands whose arguments hold neither a value nor a secret, and so may be shown: key names only. */
const keyOnly = new Set([
  'GET', 'TTL', 'PTTL', 'TYPE', 'EXISTS', 'DEL', 'UNLINK', 'STRLEN', 'HLEN', 'HGETALL', 'LLEN', 'SCARD', 'SMEMBERS',
  'ZCARD', 'SCAN', 'XLEN', 'PERSIST', 'DUMP', 'RENAME', 'RENAMENX', 'MGET', 'OBJECT ENCODING', 'MEMORY USAGE',
]); // prettier-ignore

/** Commands without any argument worth hiding. */
const open = new Set([
  'PING',
  'INFO',
  'DBSIZE',
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
