import type { ConnectionForm } from '../../../src/protocol/connectionEditor';
import { t } from '../../app/l10n';
import { Select } from '../../components/select';
import type { ConnectionModel } from './connectionModel';
import { controlId, FormText } from './formField';
import { Group } from './group';

interface Props {
  readonly model: ConnectionModel;
  readonly form: ConnectionForm;
}

/** How long is waited, and how often a read is tried again. */
export function BehaviourGroup({ model, form }: Props) {
  return (
    <Group title={t('Behaviour')}>
      <div class="form-row">
        <FormText model={model} form={form} field="timeoutMs" label={t('Timeout, ms')} narrow />
        <FormText model={model} form={form} field="retryMaxAttempts" label={t('Attempts of a read')} narrow />
        <FormText model={model} form={form} field="retryBackoffMs" label={t('Wait between, ms')} narrow />
        <Select
          id={controlId('retryBackoffStrategy')}
          label={t('Waits')}
          narrow
          value={form.retryBackoffStrategy}
          onChange={(retryBackoffStrategy) => model.edit({ retryBackoffStrategy })}
          options={[
            { value: 'fixed', label: t('Stay the same') },
            { value: 'exponential', label: t('Double each time') },
          ]}
        />
      </div>
      <p class="field-help">{t('A write is never repeated by itself.')}</p>
    </Group>
  );
}
