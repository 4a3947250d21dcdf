import * as v from 'valibot';
import { endpointLabel, type ConnectionProfile } from './profile';

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

type Setting = 'address' | 'method' | 'username' | 'tls' | 'verify' | 'caFile' | 'servername' | 'keyFile';

/** A difference between what a secret is bound to and a profile; an empty text is none. */
export interface SettingChange {
  readonly what: Setting;
  readonly from: string;
  readonly to: string;
}

/** Why a stored secret is not used; `unbound`: it is not known what it was entered for. */
export type BindingChange = { readonly what: 'unbound' } | SettingChange;

type Aspect = readonly [what: Setting, of: (binding: SecretBinding) => string | undefined];

const passwordAspects: readonly Aspect[] = [
  ['address', ({ addresses }) => addresses.join(', ')],
  ['method', ({ engine, method }) => `${engine} ${method}`],
  ['username', ({ username }) => username],
  ['tls', (binding) => (binding.tls ? 'on' : 'off')],
  ['verify', (binding) => (binding.tls?.verify === false ? 'off' : 'on')],
  ['caFile', (binding) => binding.tls?.caFile],
  ['servername', (binding) => binding.tls?.servername],
];

/** A passphrase is sent to nobody: only the key it opens counts. */
const passphraseAspects: readonly Aspect[] = [['keyFile', ({ keyFile }) => keyFile]];

/** What the secrets of a profile are bound to: the settings by which they reach a server. */
export function bindingOf({ engine, endpoints, auth, tls: options }: BoundSettings): SecretBinding {
  const { enabled, verify, caFile, servername, keyFile } = options;
  const trust = {
    verify,
    ...(caFile !== undefined && { caFile }),
    ...(servername !== undefined && { servername }),
  };
  return {
    engine,
    addresses: endpoints.map(endpointLabel).sort(),
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
  return aspects.flatMap(([what, of]) => {
    const [from = '', to = ''] = [of(bound), of(now)];
    return from === to ? [] : [{ what, from, to }];
  });
}
