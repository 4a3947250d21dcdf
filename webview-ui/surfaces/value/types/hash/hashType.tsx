import { useMemo } from 'preact/hooks';
import { bytesOfBase64 } from '../../../../app/bytes';
import { escapeBytes } from '../../../../app/escapedText';
import { formatBytes, formatRemaining } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import { Button } from '../../../../components/button';
import type { Column } from '../../../../components/grid';
import { CellText } from '../../cellText';
import { appendRows, type PageByKind } from '../../page';
import { RowsList } from '../../rowsView';
import { Split } from '../../split';
import type { ValueModel } from '../../valueModel';
import type { ValueType } from '../valueType';
import { FieldEditor } from './fieldEditor';
import { NewField } from './newField';

type Row = PageByKind['hash']['rows'][number];
const keyOf = (row: Row): string => row.field.bytes;

function columns(model: ValueModel, rows: readonly Row[]): Column<Row>[] {
  const edited = new Set(model.drafts.dirty.value.map((draft) => draft.field));
  const ttl = rows.some((row) => row.ttlMs !== undefined);
  return [
    {
      title: t('Field'),
      width: 'minmax(80px, 1fr)',
      draw: (row) => (
        <>
          {edited.has(row.field.bytes) ? (
            <span class="dirty" title={t('Not saved')}>
              ●
            </span>
          ) : null}
          <CellText cell={row.field} />
        </>
      ),
    },
    ...(ttl ? [{ title: t('TTL'), width: '80px', numeric: true, draw: drawTtl }] : []),
    { title: t('Size'), width: '72px', numeric: true, draw: (row) => formatBytes(row.value.size) },
  ];
}

function drawTtl(row: Row): string {
  return row.ttlMs === undefined ? '' : formatRemaining(row.ttlMs);
}

function HashView({ page, model }: { readonly page: PageByKind['hash']; readonly model: ValueModel }) {
  const add = (
    <Button
      label={t('Add field')}
      icon="add"
      disabled={model.readOnlyReason.value !== undefined}
      hint={model.readOnlyReason.value}
      onClick={() => {
        model.chosen.value = 'new';
      }}
    />
  );
  return (
    <Split
      start={
        <RowsList
          model={model}
          label={t('Fields')}
          findLabel={t('Find in fields…')}
          columns={columns(model, page.rows)}
          rows={page.rows}
          total={page.total}
          keyOf={keyOf}
          searched={(each) => [each.field, each.value]}
          actions={add}
        />
      }
      end={<Chosen page={page} model={model} />}
    />
  );
}

function Chosen({ page, model }: { readonly page: PageByKind['hash']; readonly model: ValueModel }) {
  const chosen = model.chosen.value;
  const row = useMemo(() => page.rows.find((each) => keyOf(each) === chosen), [page.rows, chosen]);
  if (chosen === 'new') return <NewField model={model} />;
  const draft = chosen === undefined ? undefined : model.drafts.get(`field:${chosen}`);
  if (chosen === undefined || (!row && !draft)) return null;
  const title = escapeBytes(bytesOfBase64(chosen));
  return (
    <FieldEditor key={chosen} model={model} field={chosen} title={title} cell={row?.value} draft={draft} />
  );
}

/** Redis hashes. */
export const hashType: ValueType<'hash'> = {
  View: (props) => <HashView {...props} />,
  append: (loaded, next) => appendRows<Row, PageByKind['hash']>(loaded, next, keyOf),
  read: (page) => ({ loaded: page.rows.length, total: page.total }),
};
