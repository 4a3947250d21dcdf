import type { ConnectionProfile } from './profile';
import type { Namespace } from './namespace';
import type { SecretBinding } from './secretBinding';

/** Keeps profiles durably; each call resolves when its effect survives a crash. */
export interface ProfileStore {
  list(): Promise<ConnectionProfile[]>;
  save(profile: ConnectionProfile): Promise<void>;
  /** Removes the profile with its namespaces and saved searches. */
  remove(id: string): Promise<void>;
  /** Saves the position of several profiles in one transaction. */
  reorder(orderById: ReadonlyMap<string, number>): Promise<void>;
}

/** Keeps namespaces durably. */
export interface NamespaceStore {
  list(connectionId: string): Promise<Namespace[]>;
  save(namespace: Namespace): Promise<void>;
  remove(id: string): Promise<void>;
}

/** A named filter of keys. */
export interface SavedSearch {
  readonly id: string;
  readonly connectionId: string;
  readonly name: string;
  /** Glob as the server understands it. */
  readonly pattern: string;
  /** Redis type name, when the search is limited to one. */
  readonly type?: string;
  readonly createdAt: number;
}

/** Keeps saved searches durably. */
export interface SavedSearchStore {
  list(connectionId: string): Promise<SavedSearch[]>;
  save(search: SavedSearch): Promise<void>;
  remove(id: string): Promise<void>;
}

/** The secret parts of a connection. */
export interface ConnectionSecrets {
  readonly password?: string;
  readonly keyPassphrase?: string;
}

/** Secrets as they are stored. Without `boundTo` it is not known what they were entered for, and they are not used. */
export interface KeptSecrets extends ConnectionSecrets {
  readonly boundTo?: SecretBinding;
}

/** SecretStorage behind a port; every method may reject when the keyring is missing or locked. */
export interface SecretVault {
  get(ref: string): Promise<KeptSecrets | undefined>;
  set(ref: string, secrets: KeptSecrets): Promise<void>;
  remove(ref: string): Promise<void>;
}

/**
 * Notes of acts that change a secret and its profile, kept durably from before the first of the two is touched. An act
 * that was cut off, or failed, leaves its note; `sweepSecrets` goes by them.
 */
export interface SecretIntents {
  /** Gives the id of the act. */
  begin(profileId: string): Promise<string>;
  /** Removes the note; false when a sweep took the act for cut off and removed it before. */
  end(id: string): Promise<boolean>;
  /** Acts that began before a time, milliseconds since the epoch. */
  begunBefore(time: number): Promise<{ readonly id: string; readonly profileId: string }[]>;
  /** Whether the store holds that profile, readable or not. */
  hasProfile(profileId: string): Promise<boolean>;
}
