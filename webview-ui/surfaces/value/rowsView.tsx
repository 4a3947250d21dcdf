import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { bytesOfBase64 } from '../../app/bytes';
import { formatBytes, formatCount } from '../../app/format';
import { t } from '../../app/l10n';
import { type Column, Grid } from '../../components/grid';
import { NoticeBar } from '../../components/noticeBar';
import { TextField } from '../../components/textField';
import { ByteEditor } from './byteEditor';
import { cellLabel, isCut } from './cellText';
import type { Cell } from './page';
import type { ValueModel } from './valueModel';

interface RowsListProps<Row> {
  readonly model: ValueModel;
  readonly label: string;
  readonly findLabel: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly total: number;
  readonly keyOf: (row: Row) => string;
  /** What the find box looks in. */
  readonly searched: (row: Row) => readonly Cell[];
  readonly actions?: ComponentChildren;
}

/** The rows of a value in a grid, with a box that filters the loaded ones and a last row that reads more. */
export function RowsList<Row>(props: RowsListProps<Row>) {
  const { model, rows, total } = props;
  const [find, setFind] = useState('');
  useEffect(() => {
    if (model.chosen.value === undefined && rows[0] !== undefined) model.chosen.value = props.keyOf(rows[0]);
  }, [rows]);
  const found = useMemo(() => filterRows(rows, find, props.searched), [rows, find]);
  const cursor = model.page.value?.cursor;
  const busy = model.more.loading.value;
  const read = t('{0} of {1} read', formatCount(rows.length), formatCount(total));
  return (
    <section class="rows" aria-label={props.label}>
      <div class="rows-bar">
        <TextField
          id="find"
          label={props.findLabel}
          placeholder={props.findLabel}
          hideLabel
          value={find}
          onInput={setFind}
        />
        {props.actions}
      </div>
      {find ? (
        <p class="rows-found" role="status">
          {t('{0} found in {1} loaded', formatCount(found.length), formatCount(rows.length))}
        </p>
      ) : null}
      <Grid
        label={props.label}
        columns={props.columns}
        rows={found}
        total={find ? found.length : total}
        keyOf={props.keyOf}
        chosen={model.chosen.value}
        onChoose={(row) => {
          model.chosen.value = props.keyOf(row);
        }}
        more={
          cursor === undefined
            ? undefined
            : {
                label: busy ? t('Reading more…') : t('Load more ({0})', read),
                busy,
                load: () => void model.more.load(),
              }
        }
        emptyText={find ? t('Nothing found in the loaded rows') : t('Empty')}
      />
    </section>
  );
}

function filterRows<Row>(
  rows: readonly Row[],
  find: string,
  searched: (row: Row) => readonly Cell[],
): readonly Row[] {
  if (!find) return rows;
  const wanted = find.toLowerCase();
  return rows.filter((row) => searched(row).some((cell) => cellLabel(cell).toLowerCase().includes(wanted)));
}

interface CellDetailProps {
  readonly model: ValueModel;
  readonly title: string;
  readonly cell: Cell;
}

/** One cell in full, or as much as the page holds, for reading. */
export function CellDetail({ model, title, cell }: CellDetailProps) {
  const bytes = useMemo(() => bytesOfBase64(cell.bytes), [cell]);
  return (
    <div class="detail">
      {isCut(cell) ? (
        <NoticeBar
          kind="info"
          text={t('The first {0} of {1} are shown.', formatBytes(bytes.length), formatBytes(cell.size))}
        />
      ) : null}
      <ByteEditor model={model} id="detail" title={title} bytes={bytes} seed={undefined} readOnly />
    </div>
  );
}
