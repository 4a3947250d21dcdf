import type { ConnectionForm } from '../../../src/protocol/connectionEditor';
import { t } from '../../app/l10n';
import { Select } from '../../components/select';
import type { ConnectionModel } from './connectionModel';
import { controlId, FormText } from './formField';
import { usesPassword } from './formRules';
import { Group } from './group';
import { SecretRow } from './secretRow';

interface Props {
  readonly model: ConnectionModel;
  readonly form: ConnectionForm;
}

/** Who signs in, and where the password comes from. */
export function AuthGroup({ model, form }: Props) {
  return (
    <Group title={t('Authentication')}>
      <Select
        id={controlId('authMethod')}
        label={t('Sign in with')}
        value={form.authMethod}
        onChange={(authMethod) => model.edit({ authMethod })}
        options={methodsOf(form)}
        error={model.problems.value.get('authMethod')}
      />
      {usesPassword(form) ? (
        <>
          <FormText
            model={model}
            form={form}
            field="username"
            label={t('User name')}
            {...(form.engine === 'redis' ? { help: t('Empty for servers without ACL users.') } : {})}
          />
          <Select
            id={controlId('secret')}
            label={t('Password')}
            value={form.secret}
            onChange={(secret) => model.edit({ secret })}
            options={[
              { value: 'stored', label: t('Keep it in the secret storage of VS Code') },
              { value: 'ask', label: t('Ask in each session') },
            ]}
          />
          {form.secret === 'stored' ? <SecretRow model={model} which="password" /> : null}
        </>
      ) : null}
    </Group>
  );
}

function methodsOf({
  engine,
}: ConnectionForm): { readonly value: ConnectionForm['authMethod']; readonly label: string }[] {
  return [
    { value: 'none', label: t('Nothing') },
    {
      value: 'password',
      label: engine === 'redis' ? t('Password') : t('User name and password (text protocol)'),
    },
    ...(engine === 'memcached' ? [{ value: 'sasl' as const, label: t('SASL (binary protocol)') }] : []),
  ];
}
