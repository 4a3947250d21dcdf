import type { ConnectionForm } from '../../../src/protocol/connectionEditor';
import { t } from '../../app/l10n';
import { Checkbox } from '../../components/checkbox';
import { Select } from '../../components/select';
import type { ConnectionModel } from './connectionModel';
import { controlId, FormText } from './formField';
import { Group } from './group';

interface Props {
  readonly model: ConnectionModel;
  readonly form: ConnectionForm;
}

/** How much care this connection asks for. */
export function SafetyGroup({ model, form }: Props) {
  return (
    <Group title={t('Safety')}>
      <div class="form-row">
        <Select
          id={controlId('environment')}
          label={t('Environment')}
          narrow
          value={form.environment}
          onChange={(environment) => model.edit({ environment })}
          options={[
            { value: 'dev', label: t('Development') },
            { value: 'staging', label: t('Staging') },
            { value: 'prod', label: t('Production') },
          ]}
        />
        <FormText
          model={model}
          form={form}
          field="tags"
          label={t('Tags')}
          placeholder={t('orders, eu-west')}
          help={t('Separated by commas.')}
        />
      </div>
      <Checkbox
        id={controlId('readOnly')}
        label={t('Read-only')}
        help={t('Changes are refused until you switch it off for the connection.')}
        checked={form.readOnly}
        onChange={(readOnly) => model.edit({ readOnly })}
      />
      <Checkbox
        id={controlId('forceReadOnly')}
        label={t('Always read-only')}
        help={t('Can be switched off only here, never for a single session.')}
        checked={form.forceReadOnly}
        onChange={(forceReadOnly) => model.edit({ forceReadOnly })}
      />
    </Group>
  );
}
