import type { ComponentChildren } from 'preact';
import type { DatasetDto } from '../../../src/protocol/governance';
import { formatBytes, formatCount, formatDay, formatMoment } from '../../app/format';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { type Column, columns } from './datasetColumns';
import { datasetWords } from './datasetWords';
import type { GovernanceModel } from './governanceModel';
import { PolicyEditor } from './policyEditor';

interface RowProps {
  readonly model: GovernanceModel;
  readonly of: DatasetDto;
  readonly locked: string | undefined;
}

/** A dataset, and below it its policy while that is edited. */
export function DatasetRows({ model, of, locked }: RowProps) {
  const edit = model.policies.open.value.get(of.dataset);
  return (
    <>
      <DatasetRow model={model} of={of} locked={locked} />
      {edit ? (
        <tr role="row" class="dataset-edit">
          <td role="cell" colSpan={columns().length + 1}>
            <PolicyEditor edits={model.policies} of={of} edit={edit} locked={locked} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

function DatasetRow({ model, of, locked }: RowProps) {
  const { name, text } = datasetWords(of.dataset);
  const [, rows, database, payload, oldest, newest, held, policy] = columns();
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <span class="dataset-name">{name}</span>
        <span class="secondary dataset-text">{text}</span>
      </th>
      <Cell of={rows}>{formatCount(of.rows)}</Cell>
      <Cell of={database}>{formatBytes(of.databaseBytes)}</Cell>
      <Cell of={payload}>{formatBytes(of.payloadBytes)}</Cell>
      <Cell of={oldest}>
        <Day at={of.oldestAt} />
      </Cell>
      <Cell of={newest}>
        <Day at={of.newestAt} />
      </Cell>
      <Cell of={held}>{formatCount(of.heldRows)}</Cell>
      <Cell of={policy}>
        <PolicyText of={of} />
      </Cell>
      <td role="cell" class="dataset-acts">
        <Acts model={model} of={of} locked={locked} />
      </td>
    </tr>
  );
}

function Cell({ of, children }: { readonly of: Column | undefined; readonly children: ComponentChildren }) {
  return (
    <td role="cell" class={of?.numeric ? 'numeric' : ''} data-label={of?.label}>
      <span>{children}</span>
    </td>
  );
}

function Day({ at }: { readonly at: number | undefined }) {
  return at === undefined ? <>–</> : <span title={formatMoment(at)}>{formatDay(at)}</span>;
}

/** The policy in words. */
function PolicyText({ of: { policy } }: { readonly of: DatasetDto }) {
  const { retentionDays, budgetBytes, minimumKept, autoPurgeOldest } = policy;
  const days = retentionDays === 1 ? t('1 day') : t('{0} days', formatCount(retentionDays));
  return (
    <>
      {t('{0}, {1}', days, formatBytes(budgetBytes))}
      <span class="secondary dataset-text">
        {autoPurgeOldest
          ? t('oldest go by themselves, {0} newest stay', formatCount(minimumKept))
          : t('collecting stops when full, {0} newest stay', formatCount(minimumKept))}
      </span>
    </>
  );
}

function Acts({ model, of, locked }: RowProps) {
  const { name } = datasetWords(of.dataset);
  const isEditing = model.policies.open.value.has(of.dataset);
  const nothing = of.rows === 0 ? t('There is no record yet') : undefined;
  return (
    <>
      <Button
        label={t('Edit policy of {0}', name)}
        icon="edit"
        iconOnly
        expanded={isEditing}
        hint={locked ?? t('Edit policy of {0}', name)}
        disabled={locked !== undefined}
        onClick={() =>
          isEditing ? void model.policies.giveUp(of.dataset) : model.policies.begin(of.dataset, of.policy)
        }
      />
      <Button
        label={t('Purge {0}…', name)}
        icon="trash"
        iconOnly
        hint={locked ?? nothing ?? t('Purge {0}…', name)}
        disabled={locked !== undefined || of.rows === 0}
        onClick={() => model.purge.begin([of.dataset])}
      />
    </>
  );
}
