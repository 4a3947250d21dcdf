import type { DatasetName } from '../../../src/protocol/governance';
import { t } from '../../app/l10n';

const day = 24 * 60 * 60 * 1000;

/** What of which datasets is to go, as it is chosen. */
export interface PurgeChoice {
  readonly datasets: ReadonlySet<DatasetName>;
  readonly by: 'age' | 'date';
  /** Age in days, as typed. */
  readonly days: string;
  /** Local time as the date field gives it. */
  readonly moment: string;
}

/** What is still missing, as a sentence. */
export function choiceProblem(choice: PurgeChoice): string | undefined {
  if (choice.datasets.size === 0) return t('Choose at least one dataset.');
  if (choice.by === 'date') return choice.moment ? undefined : t('Choose a date and a time.');
  const isAge = /^\s*\d{1,4}\s*$/.test(choice.days) && Number(choice.days) <= 3650;
  return isAge ? undefined : t('Enter whole days from 0 to 3650.');
}

/** Records before this time go, milliseconds since the epoch. */
export function beforeOf(choice: PurgeChoice, now: number): number {
  return choice.by === 'date' ? new Date(choice.moment).getTime() : now - Number(choice.days) * day;
}
