import type { DatasetDto, GovernanceState } from '../../../src/protocol/governance';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { Header } from '../../components/header';
import { Icon } from '../../components/icon';
import { levelWords } from './datasetWords';
import type { GovernanceModel } from './governanceModel';

interface HeaderProps {
  readonly model: GovernanceModel;
  readonly state: GovernanceState;
}

/** What this is, where it is kept and by whom, how it stands, and the acts on all of it. */
export function GovernanceHeader({ model, state }: HeaderProps) {
  return (
    <Header
      title={t('Retention')}
      facts={<Standing state={state} />}
      where={<Where state={state} />}
      actions={<Actions model={model} state={state} />}
    />
  );
}

function Where({ state }: { readonly state: GovernanceState }) {
  const { folder, ownerPid, windows } = state;
  return (
    <ul class="facts">
      <li class="where-path" title={t('Folder of the store')}>
        <Icon name="folder" /> {folder}
      </li>
      <li title={t('Process {0}', String(ownerPid))}>{keptText(state)}</li>
      {windows === 1 ? null : <li>{t('{0} windows use it', windows)}</li>}
    </ul>
  );
}

/** A store that cannot be written to is not kept by who reads it. */
function keptText({ isOwner, readOnlyBecause }: GovernanceState): string {
  if (readOnlyBecause !== undefined)
    return isOwner ? t('only read by this window') : t('only read by another window');
  return isOwner ? t('kept by this window') : t('kept by another window');
}

/** The worst that is true of a dataset, in words. */
function Standing({ state }: { readonly state: GovernanceState }) {
  const [icon, text] = standingOf(state);
  return (
    <span class={`standing standing-${icon}`}>
      <Icon name={icon} /> {text}
    </span>
  );
}

function standingOf({ datasets, readOnlyBecause }: GovernanceState): readonly [icon: string, text: string] {
  if (readOnlyBecause !== undefined) return ['lock', t('Read-only')];
  for (const level of ['stopped', 'over', 'nearlyFull'] as const) {
    const count = datasets.filter((each) => each.level === level).length;
    if (count > 0) return [levelWords(level).icon, troubleText(level, count)];
  }
  return [levelWords('fine').icon, t('All within budget')];
}

function troubleText(level: Exclude<DatasetDto['level'], 'fine'>, count: number): string {
  switch (level) {
    case 'stopped':
      return count === 1 ? t('1 dataset is not collected') : t('{0} datasets are not collected', count);
    case 'over':
      return count === 1 ? t('1 dataset over budget') : t('{0} datasets over budget', count);
    case 'nearlyFull':
      return count === 1 ? t('1 dataset nearly full') : t('{0} datasets nearly full', count);
  }
}

function Actions({ model, state }: HeaderProps) {
  const locked = state.readOnlyBecause;
  const isEmpty = state.datasets.every(({ rows }) => rows === 0);
  const isOpen = model.purge.isOpen.value;
  const all = state.datasets.filter(({ rows }) => rows > 0).map(({ dataset }) => dataset);
  return (
    <>
      <Button
        label={t('Measure again')}
        icon="refresh"
        iconOnly
        disabled={model.reading.loading.value}
        onClick={() => void model.load()}
      />
      <Button
        label={t('Show storage')}
        hint={t('Opens a report: files, owner, backups, what could not be read')}
        onClick={() => void model.showStorage()}
      />
      <Button
        label={t('Back up now')}
        hint={locked ?? t('Writes a whole copy of the database beside it; the newest five are kept')}
        disabled={locked !== undefined}
        onClick={() => void model.backUp()}
      />
      <Button
        label={t('Purge…')}
        kind={isOpen ? 'secondary' : 'primary'}
        hint={locked ?? (isEmpty ? t('There is no record yet') : undefined)}
        disabled={locked !== undefined || isEmpty}
        expanded={isOpen}
        onClick={() => (isOpen ? model.purge.reveal() : model.purge.begin(all))}
      />
    </>
  );
}
