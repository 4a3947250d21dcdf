import { formatBytes, formatCount } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import type { Column } from '../../../../components/grid';
import { cellLabel, CellText, isCut } from '../../cellText';
import { appendRows, type PageByKind } from '../../page';
import { RowsList } from '../../rowsView';
import { Split } from '../../split';
import type { ValueModel } from '../../valueModel';
import type { ValueType } from '../valueType';
import { StreamGroups } from './streamGroups';

type Row = PageByKind['stream']['rows'][number];
const keyOf = (row: Row): string => row.id;

const columns = (): Column<Row>[] => [
  { title: t('Entry'), width: 'minmax(150px, 0.5fr)', draw: (row) => row.id },
  { title: t('Fields'), width: 'minmax(80px, 1fr)', draw: (row) => <bdi dir="ltr">{summary(row)}</bdi> },
];

function summary(row: Row): string {
  return row.fields
    .map(({ name, value }) => `${cellLabel(name)}=${cellLabel(value).slice(0, 80)}`)
    .join('  ');
}

function StreamView({ page, model }: { readonly page: PageByKind['stream']; readonly model: ValueModel }) {
  const row = page.rows.find((each) => keyOf(each) === model.chosen.value) ?? page.rows[0];
  return (
    <div class="content-column">
      <StreamGroups groups={page.groups} />
      <Split
        start={
          <RowsList
            model={model}
            label={t('Entries')}
            findLabel={t('Find in entries…')}
            columns={columns()}
            rows={page.rows}
            total={page.total}
            keyOf={keyOf}
            searched={(each) => each.fields.flatMap(({ name, value }) => [name, value])}
          />
        }
        end={row ? <Entry row={row} /> : null}
      />
    </div>
  );
}

function Entry({ row }: { readonly row: Row }) {
  return (
    <section class="entry" aria-label={t('Entry {0}', row.id)} tabIndex={0}>
      <h2 class="data">{row.id}</h2>
      <p class="secondary">{t('{0} fields', formatCount(row.fields.length))}</p>
      <dl>
        {row.fields.map(({ name, value }, at) => (
          <div key={at}>
            <dt>
              <CellText cell={name} />
            </dt>
            <dd>
              <bdi dir="ltr">{cellLabel(value)}</bdi>
              {isCut(value) ? <span class="secondary"> … {formatBytes(value.size)}</span> : null}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Redis streams. */
export const streamType: ValueType<'stream'> = {
  View: (props) => <StreamView {...props} />,
  append: (loaded, next) => ({
    ...appendRows<Row, PageByKind['stream']>(loaded, next, keyOf),
    groups: next.groups.length > 0 ? next.groups : loaded.groups,
  }),
  read: (page) => ({ loaded: page.rows.length, total: page.total }),
};
