import type { ValueSnapshot } from '../../../src/protocol/value';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { EnvironmentBadge } from '../../components/environmentBadge';
import { Header } from '../../components/header';
import { Icon } from '../../components/icon';
import { Menu, type MenuItem } from '../../components/menu';
import { FactsLine } from './factsLine';
import { outItems } from './outMenu';
import type { ValueModel } from './valueModel';

/** A form that is open below the header. */
export type HeaderForm = 'ttl' | 'flags';

interface ValueHeaderProps {
  readonly model: ValueModel;
  readonly snapshot: ValueSnapshot;
  readonly form: HeaderForm | undefined;
  readonly onForm: (form: HeaderForm) => void;
}

/** Which key, what it is, where it lives, and what can be done with all of it. */
export function ValueHeader({ model, snapshot, form, onForm }: ValueHeaderProps) {
  const { header, facts } = snapshot;
  const busy = model.saver.busy.value;
  const fixed = header.locked !== undefined || facts === undefined || busy;
  const why = header.locked ?? (facts ? undefined : t('This key does not exist'));
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
            disabled={model.reading.loading.loading.value}
            onClick={() => model.refresh()}
          />
          <UndoButton model={model} snapshot={snapshot} />
          <Button
            label={t('Edit TTL')}
            icon="watch"
            expanded={form === 'ttl'}
            disabled={fixed}
            hint={why}
            onClick={() => onForm('ttl')}
          />
          <Button
            label={t('Delete key')}
            icon="trash"
            disabled={fixed}
            hint={why}
            onClick={() => model.delete()}
          />
          <Menu label={t('More')} items={moreItems(model, snapshot, fixed, onForm)} />
        </>
      }
    />
  );
}

function UndoButton({ model, snapshot }: Pick<ValueHeaderProps, 'model' | 'snapshot'>) {
  const { undo, header } = snapshot;
  return (
    <Button
      label={t('Undo')}
      icon="discard"
      iconOnly
      disabled={undo === undefined || header.locked !== undefined || model.saver.busy.value}
      hint={header.locked ?? undo ?? t('Nothing to undo')}
      onClick={() => model.undo()}
    />
  );
}

function moreItems(
  model: ValueModel,
  { header, facts }: ValueSnapshot,
  fixed: boolean,
  onForm: (form: HeaderForm) => void,
): MenuItem[] {
  const replaceable = facts?.type === 'string' || facts?.type === 'item';
  const locked = { disabled: fixed, hint: header.locked };
  return [
    { label: t('Copy name'), icon: 'copy', run: () => void model.useWay('value/copyName', {}) },
    ...(facts ? outItems(model) : []),
    ...(replaceable
      ? [
          {
            label: t('Load from file…'),
            icon: 'folder-opened',
            ...locked,
            run: () => void model.useWay('value/loadFile', {}),
          },
        ]
      : []),
    ...(facts?.flags === undefined
      ? []
      : [{ label: t('Edit flags'), icon: 'symbol-enum', ...locked, run: () => onForm('flags') }]),
  ];
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
