import {
  bindingOf,
  passphraseChanges,
  passwordChanges,
  type BindingChange,
  type BoundSettings,
} from './secretBinding';
import type { ConnectionSecrets, KeptSecrets } from './stores';

/** What of stored secrets a profile may use, and what differs for those it needs and may not use. */
export interface UsableSecrets {
  readonly secrets: ConnectionSecrets;
  readonly withheld: { readonly [S in keyof ConnectionSecrets]: readonly BindingChange[] };
}

/** Parts stored secrets by whether a profile still is what they were entered for. */
export function usableSecrets(kept: KeptSecrets, settings: BoundSettings): UsableSecrets {
  const { password, keyPassphrase, boundTo } = kept;
  const now = bindingOf(settings);
  const needs = storedSecretsOf(settings);
  const ofPassword = password === undefined ? [] : passwordChanges(boundTo, now);
  const ofKey = keyPassphrase === undefined ? [] : passphraseChanges(boundTo, now);
  return {
    secrets: {
      ...(password !== undefined && ofPassword.length === 0 && { password }),
      ...(keyPassphrase !== undefined && ofKey.length === 0 && { keyPassphrase }),
    },
    withheld: {
      ...(needs.password && ofPassword.length > 0 && { password: ofPassword }),
      ...(needs.keyPassphrase && ofKey.length > 0 && { keyPassphrase: ofKey }),
    },
  };
}

/** Which secrets a profile connects with that are stored: nobody is asked again for one that is not used. */
function storedSecretsOf({ auth, tls }: BoundSettings): Record<keyof ConnectionSecrets, boolean> {
  return {
    password: auth.method !== 'none' && auth.secret === 'stored',
    keyPassphrase: tls.enabled && tls.keyFile !== undefined,
  };
}
