import type { ConnectionProfile } from '../../engine/connections/profile';
import type { BindingChange } from '../../engine/connections/secretBinding';
import type { ConnectionSecrets, KeptSecrets } from '../../engine/connections/stores';
import { usableSecrets } from '../../engine/connections/usableSecrets';

type Secret = keyof ConnectionSecrets;

/** A stored secret that a form would send elsewhere, or otherwise, than it was saved for. */
export interface WithheldSecret {
  readonly which: Secret;
  readonly changes: readonly BindingChange[];
}

/** The secrets of one connection editor: those that were stored, with what they were stored for, and those entered in it. */
export class EditorSecrets {
  private stored: KeptSecrets = {};
  private entered: ConnectionSecrets = {};

  /** Takes what the keyring holds for the profile that is edited. */
  load(stored: KeptSecrets): void {
    this.stored = stored;
  }

  /** Takes what the person entered for the form as it stands. */
  enter(secrets: ConnectionSecrets): void {
    this.entered = { ...this.entered, ...secrets };
  }

  forget(which: Secret): void {
    const { [which]: _stored, ...stored } = this.stored;
    const { [which]: _entered, ...entered } = this.entered;
    this.stored = stored;
    this.entered = entered;
  }

  has(which: Secret): boolean {
    return (this.entered[which] ?? this.stored[which]) !== undefined;
  }

  /** What may be sent to, and saved for, a profile. */
  usableFor(profile: ConnectionProfile): ConnectionSecrets {
    return { ...usableSecrets(this.stored, profile).secrets, ...this.entered };
  }

  /** What has to be entered again, or forgotten, before a profile is tested or saved. */
  withheldFrom(profile: ConnectionProfile): WithheldSecret[] {
    const { withheld } = usableSecrets(this.stored, profile);
    return (['password', 'keyPassphrase'] as const).flatMap((which) => {
      const changes = withheld[which];
      return changes && this.entered[which] === undefined ? [{ which, changes }] : [];
    });
  }
}
