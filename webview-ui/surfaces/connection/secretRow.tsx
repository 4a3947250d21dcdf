import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { Icon } from '../../components/icon';
import type { ConnectionModel, SecretField } from './connectionModel';

interface SecretRowProps {
  readonly model: ConnectionModel;
  readonly which: SecretField;
}

/** Whether a secret is set. The host asks for it in its own masked box: it never enters this page. */
export function SecretRow({ model, which }: SecretRowProps) {
  const { hasPassword, hasKeyPassphrase } = model.held.value;
  const set = which === 'password' ? hasPassword : hasKeyPassphrase;
  const words = which === 'password' ? passwordWords() : passphraseWords();
  return (
    <div class="held-row" role="group" aria-label={words.name} id={`field-${which}`} tabIndex={-1}>
      <span class="held-state">
        <Icon name={set ? 'lock' : 'unlock'} /> {set ? words.saved : words.notSet}
      </span>
      <Button label={set ? words.change : words.set} onClick={() => void model.enterSecret(which)} />
      {set ? <Button label={words.forget} onClick={() => void model.forgetSecret(which)} /> : null}
    </div>
  );
}

function passwordWords() {
  return {
    name: t('Password'),
    saved: t('Password: saved'),
    notSet: t('Password: not set'),
    set: t('Set password…'),
    change: t('Change password…'),
    forget: t('Forget password'),
  };
}

function passphraseWords(): ReturnType<typeof passwordWords> {
  return {
    name: t('Key passphrase'),
    saved: t('Key passphrase: saved'),
    notSet: t('Key passphrase: not set'),
    set: t('Set passphrase…'),
    change: t('Change passphrase…'),
    forget: t('Forget passphrase'),
  };
}
