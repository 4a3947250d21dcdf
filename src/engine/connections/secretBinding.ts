import * as v from 'valibot';
import { endpointLabel, type ConnectionProfile, type Endpoint } from './profile';

const text = v.string();
const tls = v.object({ verify: v.boolean(), caFile: v.optional(text), servername: v.optional(text) });

/** What a stored secret says it is bound to. */
export const secretBinding = v.object({
  engine: v.picklist(['redis', 'memcached']),
  /** As labels, sorted. */
  addresses: v.array(text),
  method: v.picklist(['none', 'password', 'sasl']),
  username: v.optional(text),
  /** Missing when TLS is off. */
  tls: v.optional(tls),
  /** The client key that a passphrase opens. */
  keyFile: v.optional(text),
});

/** Where a secret may go, and how: what the profile said when the person entered it. */
export type SecretBinding = v.InferOutput<typeof secretBinding>;

/** The part of a profile that says where its secrets go. */
export type BoundSettings = Pick<ConnectionProfile, 'engine' | 'endpoints' | 'auth' | 'tls'>;

/** How a server is signed in to. */
export type SignIn = Pick<SecretBinding, 'engine' | 'method'>;

/** Which servers a profile reaches that its secret was not entered for, and which no longer. */
export interface AddressChange {
  readonly what: 'address';
  readonly added: readonly string[];
  readonly gone: readonly string[];
}

interface SignInChange {
  readonly what: 'method';
  readonly from: SignIn;
  readonly to: SignIn;
}

type Setting = 'username' | 'tls' | 'verify' | 'caFile' | 'servername' | 'keyFile';

/** A difference between what a secret is bound to and a profile; an empty text is none. */
export interface SettingChange {
  readonly what: Setting;
  readonly from: string;
  readonly to: string;
}

/** Why a stored secret is not used; `unbound`: it is not known what it was entered for. */
export type BindingChange = { readonly what: 'unbound' } | AddressChange | SignInChange | SettingChange;

type Aspect = (bound: SecretBinding, now: SecretBinding) => BindingChange[];

function setting(what: Setting, of: (binding: SecretBinding) => string | undefined): Aspect {
  return (bound, now) => {
    const [from = '', to = ''] = [of(bound), of(now)];
    return from === to ? [] : [{ what, from, to }];
  };
}

/** What weighs most comes first: a long sentence is read from its start. */
const passwordAspects: readonly Aspect[] = [
  addressChange,
  setting('tls', (binding) => (binding.tls ? 'on' : 'off')),
  setting('verify', (binding) => (binding.tls?.verify === false ? 'off' : 'on')),
  signInChange,
  setting('username', ({ username }) => username),
  setting('caFile', (binding) => binding.tls?.caFile),
  setting('servername', (binding) => binding.tls?.servername?.toLowerCase()),
];

/** A passphrase is sent to nobody: only the key it opens counts. */
const passphraseAspects: readonly Aspect[] = [setting('keyFile', ({ keyFile }) => keyFile)];

function addressChange(bound: SecretBinding, now: SecretBinding): BindingChange[] {
  const before = new Set(bound.addresses.map(sameCase));
  const after = new Set(now.addresses.map(sameCase));
  const added = [...after].filter((each) => !before.has(each));
  const gone = [...before].filter((each) => !after.has(each));
  return added.length + gone.length === 0 ? [] : [{ what: 'address', added, gone }];
}

function signInChange(bound: SecretBinding, now: SecretBinding): BindingChange[] {
  if (bound.engine === now.engine && bound.method === now.method) return [];
  return [{ what: 'method', from: signIn(bound), to: signIn(now) }];
}

function signIn({ engine, method }: SecretBinding): SignIn {
  return { engine, method };
}

function boundLabel(endpoint: Endpoint): string {
  const label = endpointLabel(endpoint);
  return endpoint.kind === 'tcp' ? label.toLowerCase() : label;
}

/** Host names are the same in any case, paths of sockets are not. */
function sameCase(label: string): string {
  return label.startsWith('unix:') ? label : label.toLowerCase();
}

/** What the secrets of a profile are bound to: the settings by which they reach a server. */
export function bindingOf({ engine, endpoints, auth, tls: options }: BoundSettings): SecretBinding {
  const { enabled, verify, caFile, servername, keyFile } = options;
  const trust = {
    verify,
    ...(caFile !== undefined && { caFile }),
    ...(servername !== undefined && { servername: servername.toLowerCase() }),
  };
  return {
    engine,
    addresses: endpoints.map(boundLabel).sort(),
    method: auth.method,
    ...(auth.username !== undefined && { username: auth.username }),
    ...(enabled && { tls: trust }),
    ...(keyFile !== undefined && { keyFile }),
  };
}

/** What differs from what a password was entered for; empty when it may be sent. */
export function passwordChanges(bound: SecretBinding | undefined, now: SecretBinding): BindingChange[] {
  return changesOf(bound, now, passwordAspects);
}

/** What differs from what a passphrase was entered for; empty when it may be used. */
export function passphraseChanges(bound: SecretBinding | undefined, now: SecretBinding): BindingChange[] {
  return changesOf(bound, now, passphraseAspects);
}

function changesOf(
  bound: SecretBinding | undefined,
  now: SecretBinding,
  aspects: readonly Aspect[],
): BindingChange[] {
  if (!bound) return [{ what: 'unbound' }];
  return aspects.flatMap((changes) => changes(bound, now));
}
