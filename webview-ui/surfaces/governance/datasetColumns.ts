import { t } from '../../app/l10n';

/** A column of the datasets. */
export interface Column {
  readonly label: string;
  readonly numeric?: boolean;
}

/** The columns of the datasets, in order; a narrow panel shows their labels beside the cells. */
export function columns(): readonly Column[] {
  return [
    { label: t('Dataset') },
    { label: t('Records'), numeric: true },
    { label: t('Database'), numeric: true },
    { label: t('Payload files'), numeric: true },
    { label: t('Oldest') },
    { label: t('Newest') },
    { label: t('Held'), numeric: true },
    { label: t('Policy') },
  ];
}
