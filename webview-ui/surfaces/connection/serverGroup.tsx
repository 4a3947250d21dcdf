import type { ConnectionForm } from '../../../src/protocol/connectionEditor';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { Select } from '../../components/select';
import { TextField } from '../../components/textField';
import type { ConnectionModel } from './connectionModel';
import { controlId, FormText } from './formField';
import { blankEndpoint, type Endpoint } from './formRules';
import { Group } from './group';

interface Props {
  readonly model: ConnectionModel;
  readonly form: ConnectionForm;
}

/** Which server, or servers, and under what name. */
export function ServerGroup({ model, form }: Props) {
  const several = form.engine === 'memcached';
  return (
    <Group title={t('Server')}>
      <div class="form-row">
        <FormText model={model} form={form} field="name" label={t('Name')} placeholder={t('orders-cache')} />
        <Select
          id={controlId('engine')}
          label={t('Engine')}
          narrow
          value={form.engine}
          onChange={(engine) => model.chooseEngine(engine)}
          options={[
            { value: 'redis', label: t('Redis or Valkey') },
            { value: 'memcached', label: t('Memcached') },
          ]}
        />
      </div>
      {form.endpoints.map((endpoint, at) => (
        <EndpointRow key={at} model={model} form={form} endpoint={endpoint} at={at} />
      ))}
      <div class="form-buttons">
        {several ? (
          <Button
            label={t('Add server')}
            icon="add"
            onClick={() => model.edit({ endpoints: [...form.endpoints, blankEndpoint('memcached')] })}
          />
        ) : null}
        <Button
          label={t('Paste URL…')}
          icon="clippy"
          hint={t('Asks for a URL such as redis://host:6379/0 and fills in the form')}
          onClick={() => void model.pasteUrl()}
        />
      </div>
      {several ? null : (
        <FormText
          model={model}
          form={form}
          field="dbIndex"
          label={t('Database')}
          help={t('Opened first.')}
          narrow
        />
      )}
    </Group>
  );
}

function EndpointRow({
  model,
  form,
  endpoint,
  at,
}: Props & { readonly endpoint: Endpoint; readonly at: number }) {
  const number = form.endpoints.length > 1 ? ` ${at + 1}` : '';
  const remove = (): void => model.edit({ endpoints: form.endpoints.filter((_, index) => index !== at) });
  return (
    <div class="form-row" role="group" aria-label={t('Server{0}', number)}>
      <Select
        id={controlId(`endpoints.${at}.kind`)}
        label={t('Reach it by')}
        narrow
        value={endpoint.kind}
        onChange={(kind) => model.editEndpoint(at, { kind })}
        options={[
          { value: 'tcp', label: t('Host and port') },
          { value: 'unix', label: t('Unix socket') },
        ]}
      />
      {endpoint.kind === 'tcp' ? (
        <>
          <EndpointText model={model} at={at} endpoint={endpoint} part="host" label={t('Host')} />
          <EndpointText model={model} at={at} endpoint={endpoint} part="port" label={t('Port')} narrow />
        </>
      ) : (
        <EndpointText model={model} at={at} endpoint={endpoint} part="path" label={t('Socket path')} />
      )}
      {form.endpoints.length > 1 ? (
        <div class="form-row-end">
          <Button label={t('Remove server{0}', number)} icon="close" iconOnly onClick={remove} />
        </div>
      ) : null}
    </div>
  );
}

interface EndpointTextProps {
  readonly model: ConnectionModel;
  readonly endpoint: Endpoint;
  readonly at: number;
  readonly part: 'host' | 'port' | 'path';
  readonly label: string;
  readonly narrow?: boolean;
}

function EndpointText({ model, endpoint, at, part, label, narrow = false }: EndpointTextProps) {
  const field = `endpoints.${at}.${part}`;
  return (
    <TextField
      id={controlId(field)}
      label={label}
      narrow={narrow}
      value={endpoint[part]}
      error={model.problems.value.get(field)}
      onInput={(value) => model.editEndpoint(at, { [part]: value })}
      onBlur={() => model.touch(field)}
    />
  );
}
