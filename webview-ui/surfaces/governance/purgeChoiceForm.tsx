import type { DatasetName, GovernanceState } from '../../../src/protocol/governance';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { Checkbox } from '../../components/checkbox';
import { Icon } from '../../components/icon';
import { MomentField } from '../../components/momentField';
import { Progress } from '../../components/progress';
import { Select } from '../../components/select';
import { TextField } from '../../components/textField';
import { datasetWords, recordsText } from './datasetWords';
import { choiceProblem, type PurgeChoice } from './purgeChoice';
import type { PurgeFlow } from './purgeFlow';

interface FormProps {
  readonly flow: PurgeFlow;
  readonly state: GovernanceState;
}

/** Which datasets, and from what age on. Nothing goes before the preview was confirmed. */
export function PurgeChoiceForm({ flow, state }: FormProps) {
  const choice = flow.choice.value;
  if (!choice) return null;
  const problem = flow.showProblem.value ? choiceProblem(choice) : undefined;
  return (
    <>
      <p class="part-text">
        {t('First you see what would go and what is lost with it. Records that are held stay.')}
      </p>
      <fieldset class="purge-datasets">
        <legend>{t('Datasets')}</legend>
        {state.datasets.map(({ dataset, rows }) => (
          <Checkbox
            key={dataset}
            id={`purge-${dataset}`}
            label={t('{0} ({1})', datasetWords(dataset).name, recordsText(rows))}
            checked={choice.datasets.has(dataset)}
            disabled={rows === 0}
            onChange={(checked) => flow.choose({ datasets: withDataset(choice, dataset, checked) })}
          />
        ))}
      </fieldset>
      <AgeFields flow={flow} choice={choice} />
      {problem ? (
        <p class="field-error" role="alert">
          <Icon name="error" /> {problem}
        </p>
      ) : null}
      {flow.busy.value ? (
        <Progress text={t('Working out what would go…')} />
      ) : (
        <div class="purge-acts">
          <Button label={t('Preview')} kind="primary" onClick={() => void flow.preview()} />
          <Button label={t('Close')} onClick={() => void flow.close()} />
        </div>
      )}
    </>
  );
}

function AgeFields({ flow, choice }: { readonly flow: PurgeFlow; readonly choice: PurgeChoice }) {
  return (
    <div class="purge-age">
      <Select
        id="purge-by"
        label={t('Records')}
        narrow
        value={choice.by}
        onChange={(by) => flow.choose({ by })}
        options={[
          { value: 'age', label: t('older than (days)') },
          { value: 'date', label: t('before (date)') },
        ]}
      />
      {choice.by === 'age' ? (
        <TextField
          id="purge-days"
          label={t('Days')}
          narrow
          maxLength={4}
          value={choice.days}
          onInput={(days) => flow.choose({ days })}
        />
      ) : (
        <div class="field">
          <label class="field-label" for="purge-moment">
            {t('Date and time')}
          </label>
          <MomentField
            id="purge-moment"
            label={t('Date and time')}
            value={choice.moment}
            onInput={(moment) => flow.choose({ moment })}
          />
        </div>
      )}
    </div>
  );
}

function withDataset(
  { datasets }: PurgeChoice,
  dataset: DatasetName,
  isIn: boolean,
): ReadonlySet<DatasetName> {
  const next = new Set(datasets);
  if (isIn) next.add(dataset);
  else next.delete(dataset);
  return next;
}
