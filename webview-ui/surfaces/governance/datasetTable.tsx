import type { GovernanceState } from '../../../src/protocol/governance';
import { t } from '../../app/l10n';
import { DatasetRows } from './datasetRow';
import { columns } from './datasetColumns';
import type { GovernanceModel } from './governanceModel';

interface TableProps {
  readonly model: GovernanceModel;
  readonly state: GovernanceState;
}

/** The datasets, each with what it spans and its policy, edited in place. */
export function DatasetTable({ model, state }: TableProps) {
  const isEmpty = state.datasets.every(({ rows }) => rows === 0);
  return (
    <section class="kept" aria-labelledby="datasets-title">
      <div class="part-head">
        <h2 id="datasets-title">{t('Datasets and how long they are kept')}</h2>
      </div>
      <p class="part-text">
        {isEmpty
          ? t(
              'Nothing is stored yet: records come with the first connection. What is set here holds from then on.',
            )
          : t(
              'A record goes when it is older than its days or its dataset is over budget, whichever comes first; never one that is held.',
            )}
      </p>
      {/* Roles are given, as a narrow panel lays rows out as blocks, which would take them away. */}
      <table class="datasets" role="table" aria-labelledby="datasets-title">
        <thead role="rowgroup">
          <tr role="row">
            {columns().map(({ label, numeric }) => (
              <th key={label} role="columnheader" scope="col" class={numeric ? 'numeric' : ''}>
                {label}
              </th>
            ))}
            <th role="columnheader" scope="col">
              <span class="spoken-only">{t('Acts')}</span>
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {state.datasets.map((each) => (
            <DatasetRows key={each.dataset} model={model} of={each} locked={state.readOnlyBecause} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
