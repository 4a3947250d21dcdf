import { formatBytes } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import type { Column } from '../../../../components/grid';
import { CellText } from '../../cellText';
import { appendRows, type PageByKind } from '../../page';
import { CellDetail, RowsList } from '../../rowsView';
import { Split } from '../../split';
import type { ValueModel } from '../../valueModel';
import type { ValueType } from '../valueType';

type Row = PageByKind['set']['rows'][number];
const keyOf = (row: Row): string => row.member.bytes;

const columns = (): Column<Row>[] => [
  { title: t('Member'), width: 'minmax(80px, 1fr)', draw: (row) => <CellText cell={row.member} /> },
  { title: t('Size'), width: '72px', numeric: true, draw: (row) => formatBytes(row.member.size) },
];

function SetView({ page, model }: { readonly page: PageByKind['set']; readonly model: ValueModel }) {
  const row = page.rows.find((each) => keyOf(each) === model.chosen.value) ?? page.rows[0];
  return (
    <Split
      start={
        <RowsList
          model={model}
          label={t('Members')}
          findLabel={t('Find in members…')}
          columns={columns()}
          rows={page.rows}
          total={page.total}
          keyOf={keyOf}
          searched={(each) => [each.member]}
        />
      }
      end={row ? <CellDetail model={model} title={t('Member')} cell={row.member} /> : null}
    />
  );
}

/** Redis sets. */
export const setType: ValueType<'set'> = {
  View: (props) => <SetView {...props} />,
  append: (loaded, next) => appendRows<Row, PageByKind['set']>(loaded, next, keyOf),
  read: (page) => ({ loaded: page.rows.length, total: page.total }),
};
