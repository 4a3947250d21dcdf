import { EngineError, toError } from '../kernel/errors';
import type { Log } from '../kernel/ports';
import { secretRef, type ConnectionProfile } from './profile';
import type { ConnectionSecrets, SecretVault } from './stores';

/** Asks the person for the secrets of one connection; undefined when they dismiss the question. */
export type AskSecrets = (
  profile: ConnectionProfile,
  why: AskReason,
) => Promise<ConnectionSecrets | undefined>;

/** Why the person is asked although a password may have been saved. */
export type AskReason = 'each-session' | 'not-found' | 'vault-failed';

export interface SecretResolverPorts {
  readonly vault: SecretVault;
  readonly ask: AskSecrets;
  readonly log: Log;
}

/** Finds the secrets a connection needs: this session's memory, SecretStorage, or the person, in that order. */
export class SecretResolver {
  private readonly session = new Map<string, ConnectionSecrets>();
  private readonly questions = new Map<string, Promise<ConnectionSecrets>>();

  constructor(private readonly ports: SecretResolverPorts) {}

  /** Rejects with UNAUTHORIZED `password-needed` when the person gives none. */
  async resolve(profile: ConnectionProfile): Promise<ConnectionSecrets> {
    const remembered = this.session.get(profile.id);
    if (remembered) return remembered;
    if (!needsSecrets(profile)) return (keepsSecrets(profile) && (await this.stored(profile)).secrets) || {};
    const { secrets, why } = keepsSecrets(profile) ? await this.stored(profile) : {};
    if (profile.auth.secret === 'ask')
      return { ...secrets, ...(await this.askedOnce(profile, 'each-session')) };
    return secrets ?? this.askedOnce(profile, why ?? 'not-found');
  }

  /** Keeps secrets for this session only, in memory. */
  remember(profileId: string, secrets: ConnectionSecrets): void {
    this.session.set(profileId, secrets);
  }

  /** Drops what this session remembers, after a wrong password or when the profile changes. */
  forget(profileId: string): void {
    this.session.delete(profileId);
    this.questions.delete(profileId);
  }

  private async stored(
    profile: ConnectionProfile,
  ): Promise<{ secrets?: ConnectionSecrets | undefined; why: AskReason }> {
    try {
      return { secrets: await this.ports.vault.get(secretRef(profile.id)), why: 'not-found' };
    } catch (thrown) {
      this.ports.log.warn('SecretStorage cannot be read', { error: toError(thrown).name });
      return { why: 'vault-failed' };
    }
  }

  /** Two databases that open together ask one question, whose answer serves both. */
  private askedOnce(profile: ConnectionProfile, why: AskReason): Promise<ConnectionSecrets> {
    const { id } = profile;
    const known = this.questions.get(id);
    if (known) return known;
    const question = this.asked(profile, why)
      .then((secrets) => {
        // an answer for a profile that was changed or forgotten meanwhile is not kept
        if (this.questions.get(id) === question) this.session.set(id, secrets);
        return secrets;
      })
      .finally(() => {
        if (this.questions.get(id) === question) this.questions.delete(id);
      });
    this.questions.set(id, question);
    return question;
  }

  private async asked(profile: ConnectionProfile, why: AskReason): Promise<ConnectionSecrets> {
    const secrets = await this.ports.ask(profile, why);
    if (!secrets) {
      throw new EngineError(
        'UNAUTHORIZED',
        'password-needed',
        `"${profile.name}" needs a password and none was given`,
      );
    }
    return secrets;
  }
}

/** Whether SecretStorage may hold something for this profile: a password, or the passphrase of a client key. */
export function keepsSecrets(profile: Pick<ConnectionProfile, 'auth' | 'tls'>): boolean {
  return (needsSecrets(profile) && profile.auth.secret === 'stored') || profile.tls.keyFile !== undefined;
}

/** Whether a profile cannot connect without a password. */
export function needsSecrets(profile: Pick<ConnectionProfile, 'auth'>): boolean {
  return profile.auth.method !== 'none';
}
