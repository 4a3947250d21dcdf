import * as v from 'valibot';
import { parseWith } from '../kernel/parse';

export type Engine = 'redis' | 'memcached';

const text = (max: number) =>
  v.pipe(v.string(), v.trim(), v.minLength(1, 'must not be empty'), v.maxLength(max));
const wholeNumber = (min: number, max: number, what: string) =>
  v.pipe(
    v.number(`must be ${what}`),
    v.integer(`must be ${what}`),
    v.minValue(min, `must be ${what}`),
    v.maxValue(max, `must be ${what}`),
  );

const tcpEndpoint = v.object({
  kind: v.literal('tcp'),
  host: v.pipe(
    text(255),
    v.regex(/^[^\s/@[\]]+$/, 'must be a host name or address without spaces, "/", "@" or brackets'),
    // one colon is a port typed into the wrong box; an IPv6 address has at least two
    v.regex(/^(?:[^:]+|[^:]*:[^:]*:.*)$/, 'must not hold a port: it has a field of its own'),
  ),
  port: wholeNumber(1, 65535, 'a port from 1 to 65535'),
});
const unixEndpoint = v.object({ kind: v.literal('unix'), path: text(1024) });

/** Where a server listens. */
export type Endpoint = v.InferOutput<typeof tcpEndpoint> | v.InferOutput<typeof unixEndpoint>;

const tls = v.object({
  enabled: v.boolean(),
  /** PEM file of the authorities to trust instead of the system's. */
  caFile: v.optional(text(4096)),
  certificateFile: v.optional(text(4096)),
  keyFile: v.optional(text(4096)),
  servername: v.optional(text(255)),
  /** False only after the person has loudly agreed: the server's identity is then not checked. */
  verify: v.boolean(),
});

export type TlsOptions = v.InferOutput<typeof tls>;

const auth = v.object({
  /** `password`: Redis AUTH or Memcached text authentication; `sasl`: Memcached binary SASL. */
  method: v.picklist(['none', 'password', 'sasl']),
  username: v.optional(text(512)),
  /** `stored`: the password lives in SecretStorage; `ask`: it is asked for in each session. */
  secret: v.picklist(['stored', 'ask']),
});

const retry = v.object({
  maxAttempts: wholeNumber(1, 10, 'a number of attempts from 1 to 10'),
  backoffMs: wholeNumber(0, 120_000, 'a wait from 0 to 120,000 ms'),
  backoffStrategy: v.picklist(['fixed', 'exponential']),
  abortOnErrorRate: v.pipe(
    v.number(),
    v.minValue(0, 'must be from 0 to 1'),
    v.maxValue(1, 'must be from 0 to 1'),
  ),
});

/** How reads are retried; writes are never retried by themselves. */
export type RetryPolicy = v.InferOutput<typeof retry>;

const profile = v.pipe(
  v.object({
    id: text(64),
    name: text(100),
    engine: v.picklist(['redis', 'memcached']),
    /** Only standalone servers so far; cluster and sentinel will join here. */
    topology: v.literal('standalone'),
    endpoints: v.pipe(
      v.array(v.variant('kind', [tcpEndpoint, unixEndpoint])),
      v.minLength(1),
      v.maxLength(64),
    ),
    /** Redis logical database that is opened first. */
    dbIndex: wholeNumber(0, 1_000_000, 'a database number of 0 or more'),
    auth,
    tls,
    environment: v.picklist(['dev', 'staging', 'prod']),
    tags: v.pipe(v.array(text(40)), v.maxLength(20, 'must be 20 tags or fewer')),
    readOnly: v.boolean(),
    forceReadOnly: v.boolean(),
    timeoutMs: wholeNumber(100, 120_000, 'a timeout from 100 to 120,000 ms'),
    retry,
    /** Position in the tree, ascending. */
    order: v.number(),
    createdAt: v.number(),
    updatedAt: v.number(),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const problem = contradiction(dataset.value);
    if (!problem) return;
    const { field, sentence } = problem;
    addIssue({
      message: sentence,
      path: [{ type: 'object', origin: 'value', input: dataset.value, key: field, value: undefined }],
    });
  }),
);

/** A saved connection. Holds no secret: passwords live in SecretStorage under `secretRef(id)`. */
export type ConnectionProfile = v.InferOutput<typeof profile>;

/** Parses a stored or entered profile; throws VALIDATION_ERROR naming the field. */
export function parseProfile(input: unknown): ConnectionProfile {
  return parseWith(profile, input, 'Connection');
}

/** Name under which SecretStorage keeps the secrets of a profile. */
export function secretRef(profileId: string): string {
  return `cachify.connection.${profileId}`;
}

type Settings = Omit<ConnectionProfile, 'id' | 'order' | 'createdAt' | 'updatedAt'>;

const usesSocket = (p: Settings): boolean => p.endpoints.some((endpoint) => endpoint.kind === 'unix');

/** Combinations that cannot be had: when, at which field, and the sentence that says so. */
const contradictions: readonly { applies: (p: Settings) => boolean; field: string; sentence: string }[] = [
  {
    applies: (p) => p.engine === 'redis' && p.endpoints.length > 1,
    field: 'endpoints',
    sentence: 'has several servers, which Redis standalone does not allow',
  },
  {
    applies: (p) => p.engine === 'redis' && p.auth.method === 'sasl',
    field: 'auth.method',
    sentence: 'asks for SASL, which Redis does not know',
  },
  {
    applies: (p) => p.engine === 'memcached' && p.dbIndex !== 0,
    field: 'dbIndex',
    sentence: 'has a database number, which Memcached does not know',
  },
  {
    // memjs speaks SASL but no TLS: refusing beats sending a password in plaintext behind a TLS switch
    applies: (p) => p.auth.method === 'sasl' && p.tls.enabled,
    field: 'auth.method',
    sentence:
      'asks for SASL together with TLS, which is not available: use password authentication with TLS, or SASL without TLS',
  },
  {
    applies: (p) => p.auth.method === 'sasl' && usesSocket(p),
    field: 'auth.method',
    sentence: 'asks for SASL over a Unix socket, which is not available',
  },
  {
    applies: (p) => p.engine === 'memcached' && p.auth.method !== 'none' && !p.auth.username,
    field: 'auth.username',
    sentence: 'is needed: Memcached authenticates by user name and password',
  },
  {
    applies: (p) => Boolean(p.tls.certificateFile) !== Boolean(p.tls.keyFile),
    field: 'tls.keyFile',
    sentence: 'must be given together with the client certificate, or neither',
  },
];

/** What a profile asks for that cannot be had together; undefined when all is well. */
export function contradiction(profile: Settings): { field: string; sentence: string } | undefined {
  return contradictions.find(({ applies }) => applies(profile));
}

/** Everything a new profile starts from. */
export function profileDefaults(
  engine: Engine,
): Omit<ConnectionProfile, 'id' | 'name' | 'order' | 'createdAt' | 'updatedAt'> {
  return {
    engine,
    topology: 'standalone',
    endpoints: [{ kind: 'tcp', host: '127.0.0.1', port: engine === 'redis' ? 6379 : 11211 }],
    dbIndex: 0,
    auth: { method: 'none', secret: 'stored' },
    tls: { enabled: false, verify: true },
    environment: 'dev',
    tags: [],
    readOnly: false,
    forceReadOnly: false,
    timeoutMs: 5000,
    retry: { maxAttempts: 1, backoffMs: 250, backoffStrategy: 'fixed', abortOnErrorRate: 1 },
  };
}

/** `host:port`, bracketed for IPv6, or the socket path; never holds credentials. */
export function endpointLabel(endpoint: Endpoint): string {
  if (endpoint.kind === 'unix') return `unix:${endpoint.path}`;
  return endpoint.host.includes(':')
    ? `[${endpoint.host}]:${endpoint.port}`
    : `${endpoint.host}:${endpoint.port}`;
}
