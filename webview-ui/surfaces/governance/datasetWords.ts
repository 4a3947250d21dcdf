import type { DatasetDto, DatasetName, LossDto } from '../../../src/protocol/governance';
import { formatBytes, formatCount, formatMinute } from '../../app/format';
import { t } from '../../app/l10n';

/** A dataset's name and what it holds, in a line. */
export function datasetWords(dataset: DatasetName): { readonly name: string; readonly text: string } {
  switch (dataset) {
    case 'timelineEvents':
      return { name: t('Timeline'), text: t('What was done on each connection, and what servers told.') };
    case 'observabilitySnapshots':
      return { name: t('Observations'), text: t('Figures of servers, sampled over time.') };
    case 'workflowHistory':
      return { name: t('Workflow runs'), text: t('Each run with its steps and how they ended.') };
    case 'incidentArtifacts':
      return { name: t('Incidents'), text: t('What was collected for incidents and their bundles.') };
    case 'alerts':
      return { name: t('Alerts'), text: t('Alerts that were raised, and when they ended.') };
    case 'keySnapshots':
      return { name: t('Key snapshots'), text: t('Values as they were, to compare and to roll back.') };
  }
}

/** Bytes of a dataset, database and payload files together. */
export function usedBytes({
  databaseBytes,
  payloadBytes,
}: {
  databaseBytes: number;
  payloadBytes: number;
}): number {
  return databaseBytes + payloadBytes;
}

/** How a dataset stands to its budget, with the icon that goes with the word. */
export function levelWords(level: DatasetDto['level']): { readonly icon: string; readonly word: string } {
  const words = {
    fine: { icon: 'pass', word: t('within budget') },
    nearlyFull: { icon: 'warning', word: t('nearly full') },
    over: { icon: 'error', word: t('over budget') },
    stopped: { icon: 'circle-slash', word: t('collecting stopped') },
  };
  return words[level];
}

/** A number of records with its noun. */
export function recordsText(rows: number): string {
  return rows === 1 ? t('1 record') : t('{0} records', formatCount(rows));
}

/** A size with what it is made of. */
export function sizeText(sizes: { databaseBytes: number; payloadBytes: number }): string {
  if (sizes.payloadBytes === 0) return formatBytes(sizes.databaseBytes);
  const parts = [formatBytes(sizes.databaseBytes), formatBytes(sizes.payloadBytes)] as const;
  return t('{0} (database {1}, payload files {2})', formatBytes(usedBytes(sizes)), ...parts);
}

/** What can no longer be done, as a sentence. */
export function lossText(loss: LossDto): string {
  return loss.from === undefined ? countLossText(loss) : spanLossText(loss.kind, formatMinute(loss.from));
}

function countLossText({ kind, count }: LossDto): string {
  const some = formatCount(count);
  switch (kind) {
    case 'rollback':
      return t('Rolling back is no longer possible with {0} of the snapshots.', some);
    case 'compare':
      return t('Comparing is no longer possible with {0} of the snapshots.', some);
    case 'timeline':
      return t('The timeline loses {0} of its events.', some);
    case 'alertHistory':
      return t('The history of alerts loses {0}.', some);
    case 'runHistory':
      return t('The history of workflow runs loses {0}, with what they logged.', some);
    case 'bundle':
      return t('Bundles of incidents lose {0} of their parts.', some);
    case 'trend':
      return t('Trends lose {0} of their figures.', some);
  }
}

function spanLossText(kind: LossDto['kind'], since: string): string {
  switch (kind) {
    case 'rollback':
      return t('Rolling back is no longer possible to a time before {0}.', since);
    case 'compare':
      return t('Comparing is no longer possible with a time before {0}.', since);
    case 'timeline':
      return t('The timeline begins on {0}.', since);
    case 'alertHistory':
      return t('The history of alerts begins on {0}.', since);
    case 'runHistory':
      return t('The history of workflow runs begins on {0}.', since);
    case 'bundle':
      return t('Bundles of incidents hold nothing from before {0}.', since);
    case 'trend':
      return t('Trends can be looked at only from {0} on.', since);
  }
}
