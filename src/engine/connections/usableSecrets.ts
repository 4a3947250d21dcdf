import {
  bindingOf,
  passphraseChanges,
  passwordChanges,
  type BindingChange,
  type BoundSettings,
} from './secretBinding';
import type { ConnectionSecrets, KeptSecrets } from './stores';

/** What of stored secrets a profile may use, and what differs for those it may not. */
export interface UsableSecrets {
  readonly secrets: ConnectionSecrets;
  readonly withheld: { readonly [S in keyof ConnectionSecrets]: readonly BindingChange[] };
}

/** Parts stored secrets by whether a profile still is what they were entered for. */
export function usableSecrets(kept: KeptSecrets, settings: BoundSettings): UsableSecrets {
  const { password, keyPassphrase, boundTo } = kept;
  const now = bindingOf(settings);
  const ofPassword = password === undefined ? [] : passwordChanges(boundTo, now);
  const ofKey = keyPassphrase === undefined ? [] : passphraseChanges(boundTo, now);
  return {
    secrets: {
      ...(password !== undefined && ofPassword.length === 0 && { password }),
      ...(keyPassphrase !== undefined && ofKey.length === 0 && { keyPassphrase }),
    },
    withheld: {
      ...(ofPassword.length > 0 && { password: ofPassword }),
      ...(ofKey.length > 0 && { keyPassphrase: ofKey }),
    },
  };
}
