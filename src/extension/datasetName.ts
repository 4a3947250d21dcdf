import type { Dataset } from '../engine/retention/dataset';
import type { Wording } from './wording';

/** What a dataset is called. The governance page calls it the same. */
export function datasetName({ t }: Pick<Wording, 't'>, dataset: Dataset): string {
  switch (dataset) {
    case 'timelineEvents':
      return t('Timeline');
    case 'observabilitySnapshots':
      return t('Observations');
    case 'workflowHistory':
      return t('Workflow runs');
    case 'incidentArtifacts':
      return t('Incidents');
    case 'alerts':
      return t('Alerts');
    case 'keySnapshots':
      return t('Key snapshots');
  }
}
