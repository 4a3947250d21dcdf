import { formatBytes } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import type { Column } from '../../../../components/gridColumns';
import { cellLabel, CellText } from '../../cellText';
import type { Collection } from '../../collection';
import { DirtyMark } from '../../dirtyMark';
import { ElementEditor } from '../../elementEditor';
import { NewElement } from '../../newElement';
import type { PageByKind } from '../../page';
import type { ValueModel } from '../../valueModel';
import { collectionType } from '../collectionType';

type Row = PageByKind['set']['rows'][number];

const columns = (model: ValueModel): Column<Row>[] => [
  {
    id: 'set.member',
    title: t('Member'),
    width: 'minmax(80px, 1fr)',
    draw: (row) => (
      <>
        <DirtyMark model={model} target={{ kind: 'set', member: row.member.bytes }} />
        <CellText cell={row.member} />
      </>
    ),
  },
  {
    id: 'set.size',
    title: t('Size'),
    width: '64px',
    numeric: true,
    draw: (row) => formatBytes(row.member.size),
  },
];

const collection: Collection<Row> = {
  label: () => t('Members'),
  findLabel: () => t('Find in members…'),
  columns,
  keyOf: (row) => row.member.bytes,
  searched: (row) => [row.member],
  addLabel: () => t('Add member'),
  removal: (rows) => ({
    kind: 'elements',
    elements: {
      type: 'set',
      edits: rows.map(({ member }) => ({ member: member.bytes, before: true, after: false })),
    },
  }),
  plain: (row) => ({ member: cellLabel(row.member) }),
  detail: (row, model) => (
    <ElementEditor
      key={row.member.bytes}
      model={model}
      title={t('Member')}
      cell={row.member}
      target={{ kind: 'set', member: row.member.bytes }}
    />
  ),
  adding: (model) => (
    <NewElement
      model={model}
      target={{ kind: 'set' }}
      addLabel={t('Add member')}
      valueLabel={t('New member')}
    />
  ),
};

/** Redis sets. */
export const setType = collectionType('set', collection);
