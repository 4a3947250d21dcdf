import { formatBytes, formatCount } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import type { Column } from '../../../../components/gridColumns';
import { cellLabel, CellText, seenCell } from '../../cellText';
import type { Collection } from '../../collection';
import { DirtyMark } from '../../dirtyMark';
import { ElementEditor } from '../../elementEditor';
import type { PageByKind } from '../../page';
import type { ValueModel } from '../../valueModel';
import { collectionType } from '../collectionType';
import { NewListElement } from './newListElement';

type Row = PageByKind['list']['rows'][number];

const columns = (model: ValueModel): Column<Row>[] => [
  {
    id: 'list.index',
    title: t('Index'),
    width: '84px',
    numeric: true,
    draw: (row) => (
      <>
        <DirtyMark model={model} target={{ kind: 'list', index: row.index }} />
        {formatCount(row.index)}
      </>
    ),
  },
  {
    id: 'list.value',
    title: t('Value'),
    width: 'minmax(80px, 1fr)',
    draw: (row) => <CellText cell={row.value} />,
  },
  {
    id: 'list.size',
    title: t('Size'),
    width: '64px',
    numeric: true,
    draw: (row) => formatBytes(row.value.size),
  },
];

/** From the last to the first, so that no index moves under the ones still to come. */
function removal(rows: readonly Row[]): ReturnType<Collection<Row>['removal']> {
  const downwards = [...rows].sort((one, other) => other.index - one.index);
  const edits = downwards.map(({ index, value }) => ({ index, ...seenCell(value) }));
  return { kind: 'elements', elements: { type: 'list', edits } };
}

const collection: Collection<Row> = {
  label: () => t('Elements'),
  findLabel: () => t('Find in elements…'),
  columns,
  keyOf: (row) => String(row.index),
  searched: (row) => [row.value],
  addLabel: () => t('Add element'),
  removal,
  plain: (row) => ({ index: row.index, value: cellLabel(row.value) }),
  position: () => t('Go to index'),
  detail: (row, model) => {
    const target = { kind: 'list' as const, index: row.index };
    return (
      <ElementEditor
        key={row.index}
        model={model}
        title={t('Element {0}', formatCount(row.index))}
        cell={row.value}
        element={target}
        target={target}
      />
    );
  },
  adding: (model) => <NewListElement model={model} />,
};

/** Redis lists. */
export const listType = collectionType('list', collection);
