/** What stands where something was hidden. */
export const hidden = '«hidden»';

const word = /[^\s"'<>]+/g;
const scheme = /[a-z0-9+.-]$/i;
/**
 * `password=x`, `"token": "x"`: the name stays, the rest of the word or the quoted text goes. A space is enough only
 * after names that are no English words, or sentences about passwords would lose theirs: the settings that servers
 * themselves treat as secret, which are the sensitive ones in the configuration tables of Redis and Valkey, those of
 * Sentinel, and the cluster password of RediSearch. Memcached has none: its passwords stand in a file. A number before
 * the value is that of a list as redis-cli prints it. A `token:` within a sentence goes, too: one hidden word in a
 * complaint about syntax costs less than a token that is shown. A compass and a bypass have no password.
 */
const namedSecret =
  /((?:(?:pass(?:word|phrase|wd)|(?<!\b(?:by|(?:en)?com|over|sur|tres|under))pass|pwd|secret|token|api[-_]?key|(?:redis|valkey)cli_auth)(?:["']?\s*[:=]|["']\s*,)|(?:requirepass|(?:master|primary)(?:auth|user)|tls-(?:client-)?key-file-pass|(?:auth|sentinel)-(?:pass|user)|oss[-_]global[-_]password|--pass)["']?[:=,\s])\s*(?:\d{1,9}\)[ \t]*)?)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\S+)/gi;
const secretHeader = /\b((?:proxy-)?authorization|(?:set-)?cookie)["']?\s*[:=]\s*\S.*$/gim;
/**
 * AUTH of its own, of HELLO, of MIGRATE and of Sentinel: the secret may stand alone, or after a user or a server. What
 * servers and proxies say about AUTH stays: only words that follow it in sentences and are no name of a user.
 */
const authCommand =
  /\b(AUTH(?:2|-pass|-user)?)(?=["'`\s,])(?!, but |["'`]? (?:<password> called|(?:attempts?|command|denied|errors?|fail(?:s|ed|ures?)?|is|rejected|required|succeeded|timed|was)(?=[.,:;]?(?:\s|$))))["'`]?[\s,]+\S.*(?:\r?\n[ \t]*\d{1,9}\)[^\r\n]*)*$/gim;
/** A line of an ACL file is known by the rule after the name, of whatever kind: the passwords may stand anywhere. */
const aclRule =
  /\bSETUSER\b|\buser\s+\S+\s+(?:[<>#!]|\(?(?:[~&%+-]\S|(?:on|off|nopass|(?:skip-)?sanitize-payload|clearselectors|all(?:keys|channels|commands)|nocommands|reset(?:pass|keys|channels)?)(?![\w-])))/i;
const aclPassword = /(^|[\s"',])([<>#!])[^\s"']+/g;

/**
 * Hides secrets in free text (messages of servers and libraries, lists of commands) before it is logged, stored or
 * shown: URL credentials, values after a secret-like name, authorization headers, everything after AUTH, passwords of
 * ACL rules. The time it takes grows with the length of the text and no faster.
 */
export function redactText(text: string): string {
  const safe = text
    .replace(word, withoutCredentials)
    .replace(authCommand, `$1 ${hidden}`)
    .replace(secretHeader, `$1: ${hidden}`)
    .replace(namedSecret, `$1${hidden}`);
  return aclRule.test(safe) ? safe.replace(aclPassword, `$1$2${hidden}`) : safe;
}

/** A word without what stands between its scheme and its last `@`: an unescaped password may hold `@` and `/`. */
function withoutCredentials(text: string): string {
  const at = text.lastIndexOf('@');
  const start = at < 0 ? -1 : endOfScheme(text);
  return start < 0 || start > at ? text : `${text.slice(0, start)}${hidden}${text.slice(at)}`;
}

/** Where the authority of an address begins; -1 where the word holds none. */
function endOfScheme(text: string): number {
  const slashes = text.indexOf('://');
  const socket = text.search(/\bunix:/i);
  const ends = [
    ...(slashes > 0 && scheme.test(text.charAt(slashes - 1)) ? [slashes + 3] : []),
    ...(socket < 0 ? [] : [socket + 'unix:'.length]),
  ];
  return ends.length === 0 ? -1 : Math.min(...ends);
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
