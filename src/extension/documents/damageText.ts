import type { StorageDamage } from '../../engine/retention/storage';
import type { Wording } from '../wording';

/** A loss at the last opening as a sentence with its number. */
export function damageText({ t, number, bytes }: Wording, { kind, count }: StorageDamage): string {
  const some = number(count);
  switch (kind) {
    case 'damagedSnapshots':
      return t('Snapshots that could not be read: {0}.', some);
    case 'cutJournals':
      return t('Journals that could not be read to their end: {0}.', some);
    case 'cutBytes':
      return t('Left out at the ends of journals: {0}.', bytes(count));
    case 'missingBytes':
      return t('Missing at the ends of journals: {0}.', bytes(count));
    case 'missingJournals':
      return t('Journals that are missing: {0}.', some);
    case 'missingChanges':
      return t('Changes that were saved and are missing, at least: {0}.', some);
    case 'failedTransactions':
      return t('Transactions that could not be applied again: {0}.', some);
  }
}
