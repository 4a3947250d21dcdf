import { formatBytes } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import type { Column } from '../../../../components/grid';
import { CellText } from '../../cellText';
import { appendRows, type PageByKind } from '../../page';
import { CellDetail, RowsList } from '../../rowsView';
import { Split } from '../../split';
import type { ValueModel } from '../../valueModel';
import type { ValueType } from '../valueType';

type Row = PageByKind['zset']['rows'][number];
const keyOf = (row: Row): string => row.member.bytes;

const columns = (): Column<Row>[] => [
  // As the server wrote it: a score read as a number could lose digits.
  { title: t('Score'), width: 'minmax(72px, 0.4fr)', numeric: true, draw: (row) => row.score },
  { title: t('Member'), width: 'minmax(80px, 1fr)', draw: (row) => <CellText cell={row.member} /> },
  { title: t('Size'), width: '72px', numeric: true, draw: (row) => formatBytes(row.member.size) },
];

function SortedSetView({ page, model }: { readonly page: PageByKind['zset']; readonly model: ValueModel }) {
  const row = page.rows.find((each) => keyOf(each) === model.chosen.value) ?? page.rows[0];
  return (
    <Split
      start={
        <RowsList
          model={model}
          label={t('Members by score')}
          findLabel={t('Find in members…')}
          columns={columns()}
          rows={page.rows}
          total={page.total}
          keyOf={keyOf}
          searched={(each) => [each.member]}
        />
      }
      end={
        row ? (
          <CellDetail model={model} title={t('Member with score {0}', row.score)} cell={row.member} />
        ) : null
      }
    />
  );
}

/** Redis sorted sets. */
export const zsetType: ValueType<'zset'> = {
  View: (props) => <SortedSetView {...props} />,
  append: (loaded, next) => appendRows<Row, PageByKind['zset']>(loaded, next, keyOf),
  read: (page) => ({ loaded: page.rows.length, total: page.total }),
};
