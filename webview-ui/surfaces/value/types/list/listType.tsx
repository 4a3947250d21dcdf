import { formatBytes, formatCount } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import type { Column } from '../../../../components/grid';
import { CellText } from '../../cellText';
import { appendRows, type PageByKind } from '../../page';
import { Split } from '../../split';
import { CellDetail, RowsList } from '../../rowsView';
import type { ValueModel } from '../../valueModel';
import type { ValueType } from '../valueType';

type Row = PageByKind['list']['rows'][number];
const keyOf = (row: Row): string => String(row.index);

const columns = (): Column<Row>[] => [
  { title: t('Index'), width: '72px', numeric: true, draw: (row) => formatCount(row.index) },
  { title: t('Value'), width: 'minmax(80px, 1fr)', draw: (row) => <CellText cell={row.value} /> },
  { title: t('Size'), width: '72px', numeric: true, draw: (row) => formatBytes(row.value.size) },
];

function ListView({ page, model }: { readonly page: PageByKind['list']; readonly model: ValueModel }) {
  const row = page.rows.find((each) => keyOf(each) === model.chosen.value) ?? page.rows[0];
  return (
    <Split
      start={
        <RowsList
          model={model}
          label={t('Elements')}
          findLabel={t('Find in elements…')}
          columns={columns()}
          rows={page.rows}
          total={page.total}
          keyOf={keyOf}
          searched={(each) => [each.value]}
        />
      }
      end={
        row ? (
          <CellDetail model={model} title={t('Element {0}', formatCount(row.index))} cell={row.value} />
        ) : null
      }
    />
  );
}

/** Redis lists. */
export const listType: ValueType<'list'> = {
  View: (props) => <ListView {...props} />,
  append: (loaded, next) => appendRows<Row, PageByKind['list']>(loaded, next, keyOf),
  read: (page) => ({ loaded: page.rows.length, total: page.total }),
};
