import { EngineError, toError } from '../kernel/errors';
import type { Log } from '../kernel/ports';
import { secretRef, type ConnectionProfile } from './profile';
import { bindingOf, type BindingChange, type BoundSettings } from './secretBinding';
import type { ConnectionSecrets, KeptSecrets, SecretVault } from './stores';
import { usableSecrets } from './usableSecrets';

/** Asks the person for one secret of a connection; undefined when they dismiss the question. */
export type AskSecrets = (
  profile: ConnectionProfile,
  why: AskReason,
  which: keyof ConnectionSecrets,
) => Promise<ConnectionSecrets | undefined>;

/** Why the person is asked although a secret may have been saved; a list says what changed since. */
export type AskReason = 'each-session' | 'not-found' | 'vault-failed' | readonly BindingChange[];

export interface SecretResolverPorts {
  readonly vault: SecretVault;
  readonly ask: AskSecrets;
  readonly log: Log;
}

/** What holds for a profile with this binding only: whoever changes the profile does not get it. */
interface Bound<T> {
  readonly binding: string;
  readonly value: T;
}

interface Question {
  readonly which: keyof ConnectionSecrets;
  readonly why: AskReason;
}

/**
 * Finds the secrets a connection needs: this session's memory, SecretStorage, or the person, in that order. A secret goes
 * only where it was entered for: a profile whose address or TLS settings differ, whoever changed them, asks anew.
 */
export class SecretResolver {
  private readonly session = new Map<string, Bound<ConnectionSecrets>>();
  private readonly questions = new Map<string, Bound<Promise<ConnectionSecrets>>>();

  constructor(private readonly ports: SecretResolverPorts) {}

  /** Rejects with UNAUTHORIZED `password-needed` when the person gives none. */
  async resolve(profile: ConnectionProfile): Promise<ConnectionSecrets> {
    const remembered = this.session.get(profile.id);
    if (remembered?.binding === bindingText(profile)) return remembered.value;
    const { secrets, questions } = await this.known(profile);
    return questions.length === 0 ? secrets : this.askedOnce(profile, secrets, questions);
  }

  /** Keeps secrets for this session only, in memory, for the profile as it is. */
  remember(profile: BoundSettings & Pick<ConnectionProfile, 'id'>, secrets: ConnectionSecrets): void {
    this.session.set(profile.id, { binding: bindingText(profile), value: secrets });
  }

  /** Drops what this session remembers, after a wrong password or when the profile changes. */
  forget(profileId: string): void {
    this.session.delete(profileId);
    this.questions.delete(profileId);
  }

  /** What is stored for the profile as it is, and what has to be asked for. */
  private async known(
    profile: ConnectionProfile,
  ): Promise<{ secrets: ConnectionSecrets; questions: readonly Question[] }> {
    const { kept = {}, why } = await this.stored(profile);
    const { secrets, withheld } = usableSecrets(kept, profile);
    const questions: Question[] = [];
    if (withheld.keyPassphrase) questions.push({ which: 'keyPassphrase', why: withheld.keyPassphrase });
    if (!needsSecrets(profile)) return { secrets, questions };
    if (profile.auth.secret === 'ask') questions.push({ which: 'password', why: 'each-session' });
    else if (secrets.password === undefined)
      questions.push({ which: 'password', why: withheld.password ?? why });
    return { secrets, questions };
  }

  private async stored(
    profile: ConnectionProfile,
  ): Promise<{ kept?: KeptSecrets | undefined; why: AskReason }> {
    if (!keepsSecrets(profile)) return { why: 'not-found' };
    try {
      return { kept: await this.ports.vault.get(secretRef(profile.id)), why: 'not-found' };
    } catch (thrown) {
      this.ports.log.warn('SecretStorage cannot be read', { error: toError(thrown).name });
      return { why: 'vault-failed' };
    }
  }

  /** Two databases that open together ask one question, whose answer serves both. */
  private askedOnce(
    profile: ConnectionProfile,
    known: ConnectionSecrets,
    questions: readonly Question[],
  ): Promise<ConnectionSecrets> {
    const { id } = profile;
    const binding = bindingText(profile);
    const open = this.questions.get(id);
    if (open?.binding === binding) return open.value;
    const isOpen = (): boolean => this.questions.get(id)?.value === answer;
    const answer = this.asked(profile, known, questions)
      .then((secrets) => {
        // an answer for a profile that was changed or forgotten meanwhile is not kept
        if (isOpen()) this.session.set(id, { binding, value: secrets });
        return secrets;
      })
      .finally(() => {
        if (isOpen()) this.questions.delete(id);
      });
    this.questions.set(id, { binding, value: answer });
    return answer;
  }

  private async asked(
    profile: ConnectionProfile,
    known: ConnectionSecrets,
    questions: readonly Question[],
  ): Promise<ConnectionSecrets> {
    let secrets = known;
    for (const { which, why } of questions) {
      const answer = await this.ports.ask(profile, why, which);
      if (!answer) throw notGiven(profile);
      secrets = { ...secrets, ...answer };
    }
    return secrets;
  }
}

function bindingText(settings: BoundSettings): string {
  return JSON.stringify(bindingOf(settings));
}

function notGiven({ name }: ConnectionProfile): EngineError {
  const message = `"${name}" needs a password and none was given`;
  return new EngineError('UNAUTHORIZED', 'password-needed', message);
}

/** Whether SecretStorage may hold something for this profile: a password, or the passphrase of a client key. */
export function keepsSecrets(profile: Pick<ConnectionProfile, 'auth' | 'tls'>): boolean {
  return (needsSecrets(profile) && profile.auth.secret === 'stored') || profile.tls.keyFile !== undefined;
}

/** Whether a profile cannot connect without a password. */
function needsSecrets(profile: Pick<ConnectionProfile, 'auth'>): boolean {
  return profile.auth.method !== 'none';
}
