import { invalid } from '../kernel/errors';
import { profileDefaults, type ConnectionProfile, type Endpoint } from './profile';
import type { ConnectionSecrets } from './stores';

type Draft = ReturnType<typeof profileDefaults>;

/** A pasted URL, with the secret split off from what may be stored and shown. */
export interface ParsedUrl {
  readonly draft: Draft;
  readonly secrets: ConnectionSecrets;
}

const schemes: Readonly<Record<string, Pick<ConnectionProfile, 'engine'> & { tls: boolean }>> = {
  'redis:': { engine: 'redis', tls: false },
  'rediss:': { engine: 'redis', tls: true },
  'valkey:': { engine: 'redis', tls: false },
  'valkeys:': { engine: 'redis', tls: true },
  'memcached:': { engine: 'memcached', tls: false },
  'memcacheds:': { engine: 'memcached', tls: true },
};

/**
 * Reads `redis://user:password@host:port/db`, `rediss:`, `valkey:`, `memcached:` and `unix:/path` (also
 * `redis+unix:`), after the URI registrations of these schemes. Throws VALIDATION_ERROR, never quoting the URL,
 * because it may hold a password.
 */
export function parseConnectionUrl(text: string): ParsedUrl {
  const trimmed = text.trim();
  refuseUnencodedSecrets(trimmed);
  const socket = /^(?:redis\+)?unix:(?:\/\/)?(?:([^@/]*)@)?(\/[^?]*)(?:\?(.*))?$/.exec(trimmed);
  if (socket) return socketUrl(socket[2] ?? '', socket[1], new URLSearchParams(socket[3] ?? ''));
  const scheme = schemes[/^[a-z]+:(?=\/\/)/i.exec(trimmed)?.[0].toLowerCase() ?? ''];
  if (!scheme) throw invalid('The address must start with redis://, rediss://, memcached:// or unix:/');
  if (!URL.canParse(trimmed)) throw invalid('The host or the port in the address cannot be read');
  const url = new URL(trimmed);
  if (!url.hostname) throw invalid('The address names no host');
  const draft = profileDefaults(scheme.engine);
  const fallback = scheme.engine === 'redis' ? 6379 : 11211;
  const host = decoded(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const endpoint: Endpoint = { kind: 'tcp', host, port: url.port ? Number(url.port) : fallback };
  const tls = { ...draft.tls, enabled: scheme.tls };
  const dbIndex =
    scheme.engine === 'redis' ? databaseOf(url.pathname.slice(1) || (url.searchParams.get('db') ?? '')) : 0;
  return withCredentials({ ...draft, endpoints: [endpoint], tls, dbIndex }, url.username, url.password);
}

/**
 * In an address `/`, `?` and `#` end the part that may hold a password, and the last `@` before them ends the
 * password (RFC 3986, section 3.2): an `@` or a `#` behind says that one of them stands in a password as it is.
 */
function refuseUnencodedSecrets(address: string): void {
  const [, behind = ''] = /^[a-z+]+:\/\/[^/?#]*(.*)$/is.exec(address) ?? [];
  const unencoded = /^(?:redis\+)?unix:/i.test(address) ? /^[?#].*@|^\/.*@|#/s : /[@#]/;
  if (!unencoded.test(behind)) return;
  throw invalid(
    'A user name or password in an address is written with %2F for /, %3F for ?, %23 for # and %40 for @',
  );
}

function socketUrl(path: string, credentials: string | undefined, query: URLSearchParams): ParsedUrl {
  const [user = '', ...rest] = (credentials ?? '').split(':');
  const draft = {
    ...profileDefaults('redis'),
    endpoints: [{ kind: 'unix' as const, path: decoded(path) }],
  };
  return withCredentials({ ...draft, dbIndex: databaseOf(query.get('db') ?? '') }, user, rest.join(':'));
}

function databaseOf(text: string): number {
  if (text === '') return 0;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw invalid('The database in the address must be a number');
}

function withCredentials(draft: Draft, user: string, password: string): ParsedUrl {
  if (user === '' && password === '') return { draft, secrets: {} };
  const username = decoded(user);
  const auth = { method: 'password' as const, secret: 'stored' as const, ...(username && { username }) };
  return {
    draft: { ...draft, auth },
    secrets: password === '' ? {} : { password: decoded(password) },
  };
}

/** Undoes percent-encoding. What stands around a stray "%" may be a password, and is not quoted. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('The address holds a "%" that starts no escape: write it as %25');
  }
}
