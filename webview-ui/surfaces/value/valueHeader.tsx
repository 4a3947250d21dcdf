import type { ValueSnapshot } from '../../../src/protocol/value';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { EnvironmentBadge } from '../../components/environmentBadge';
import { Header } from '../../components/header';
import { Icon } from '../../components/icon';
import { FactsLine } from './factsLine';
import type { ValueModel } from './valueModel';

interface ValueHeaderProps {
  readonly model: ValueModel;
  readonly snapshot: ValueSnapshot;
  readonly editingTtl: boolean;
  readonly onEditTtl: () => void;
}

/** Which key, what it is, where it lives, and what can be done with all of it. */
export function ValueHeader({ model, snapshot, editingTtl, onEditTtl }: ValueHeaderProps) {
  const { header, facts } = snapshot;
  const busy = model.saver.busy.value;
  const fixed = header.locked !== undefined || facts === undefined || busy;
  return (
    <Header
      title={header.keyLabel}
      data
      facts={facts ? <FactsLine facts={facts} /> : null}
      where={<Where header={header} />}
      actions={
        <>
          <Button
            label={t('Refresh')}
            icon="refresh"
            iconOnly
            disabled={model.loading.loading.value}
            onClick={() => model.refresh()}
          />
          <Button label={t('Copy name')} icon="copy" iconOnly onClick={() => void model.copyName()} />
          <Button
            label={t('Edit TTL')}
            icon="watch"
            expanded={editingTtl}
            disabled={fixed}
            hint={header.locked}
            onClick={onEditTtl}
          />
          <Button
            label={t('Delete key')}
            icon="trash"
            disabled={fixed}
            hint={header.locked}
            onClick={() => model.delete()}
          />
        </>
      }
    />
  );
}

function Where({ header }: { readonly header: ValueSnapshot['header'] }) {
  return (
    <>
      <EnvironmentBadge environment={header.environment} />
      <span class="where-path" title={`${header.connectionName} › ${header.place}`}>
        {header.connectionName} › {header.place}
      </span>
      <ConnectionState state={header.state} />
    </>
  );
}

function ConnectionState({ state }: { readonly state: ValueSnapshot['header']['state'] }) {
  const words = {
    connected: t('connected'),
    degraded: t('degraded'),
    unreachable: t('unreachable'),
    connecting: t('connecting…'),
    unknown: t('state unknown'),
  };
  const icons = {
    connected: 'circle-filled',
    degraded: 'warning',
    unreachable: 'error',
    connecting: 'loading',
    unknown: 'circle-outline',
  };
  return (
    <span class={`state state-${state}`}>
      <Icon name={icons[state]} spin={state === 'connecting'} /> {words[state]}
    </span>
  );
}
