import type { ConnectionForm } from '../../../src/protocol/connectionEditor';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { Checkbox } from '../../components/checkbox';
import { Icon } from '../../components/icon';
import { NoticeBar } from '../../components/noticeBar';
import type { ConnectionModel } from './connectionModel';
import { controlId, FormText } from './formField';
import { type FileField, fileName, fileOf } from './formRules';
import { Group } from './group';
import { SecretRow } from './secretRow';

interface Props {
  readonly model: ConnectionModel;
  readonly form: ConnectionForm;
}

/** Encryption, and how the server proves who it is. */
export function TlsGroup({ model, form }: Props) {
  const problem = model.problems.value.get('tlsEnabled');
  return (
    <Group title={t('TLS')}>
      <Checkbox
        id={controlId('tlsEnabled')}
        label={t('Encrypt the connection with TLS')}
        checked={form.tlsEnabled}
        onChange={(tlsEnabled) => model.edit({ tlsEnabled })}
      />
      {problem ? <NoticeBar kind="error" text={problem} urgent /> : null}
      {form.tlsEnabled ? <TlsFields model={model} form={form} /> : null}
    </Group>
  );
}

function TlsFields({ model, form }: Props) {
  return (
    <>
      <Checkbox
        id={controlId('tlsVerify')}
        label={t('Verify the certificate of the server')}
        checked={form.tlsVerify}
        onChange={(tlsVerify) => model.edit({ tlsVerify })}
      />
      {form.tlsVerify ? null : (
        <NoticeBar
          kind="warning"
          urgent
          text={t(
            'Verification is off: anyone on the way can pretend to be this server, read the password and every value, and change them. Use this only on a network you trust.',
          )}
        />
      )}
      <FormText
        model={model}
        form={form}
        field="servername"
        label={t('Server name (SNI)')}
        help={t('Empty: the host. Set it when the certificate names another.')}
      />
      <FileRow
        model={model}
        field="caFile"
        label={t('Certificate authority')}
        none={t('those of the system')}
        choose={t('Choose authority…')}
        clear={t('Clear authority')}
      />
      <FileRow
        model={model}
        field="certificateFile"
        label={t('Client certificate')}
        none={t('none')}
        choose={t('Choose certificate…')}
        clear={t('Clear certificate')}
      />
      <FileRow
        model={model}
        field="keyFile"
        label={t('Client key')}
        none={t('none')}
        choose={t('Choose key…')}
        clear={t('Clear key')}
      />
      {model.held.value.keyFile ? <SecretRow model={model} which="keyPassphrase" /> : null}
    </>
  );
}

interface FileRowProps {
  readonly model: ConnectionModel;
  readonly field: FileField;
  readonly label: string;
  readonly none: string;
  readonly choose: string;
  readonly clear: string;
}

function FileRow({ model, field, label, none, choose, clear }: FileRowProps) {
  const file = fileOf(model.held.value, field);
  const error = model.problems.value.get(field);
  return (
    <>
      <div class="held-row" role="group" aria-label={label} id={controlId(field)} tabIndex={-1}>
        <span class="held-state" title={file}>
          <Icon name={file ? 'file' : 'circle-outline'} /> {label}:{' '}
          {file ? <span class="data">{fileName(file)}</span> : none}
        </span>
        <Button label={choose} onClick={() => void model.pickFile(field)} />
        {file ? (
          <Button label={clear} icon="close" iconOnly onClick={() => void model.clearFile(field)} />
        ) : null}
      </div>
      {error ? <div class="field-error">{error}</div> : null}
    </>
  );
}
