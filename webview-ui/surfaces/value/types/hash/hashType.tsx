import { bytesOfBase64 } from '../../../../app/bytes';
import { nameOfBytes } from '../../../../app/escapedText';
import { formatBytes, formatRemaining } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import type { Column } from '../../../../components/gridColumns';
import { cellLabel, CellText, seenCell } from '../../cellText';
import type { Collection } from '../../collection';
import { DirtyMark } from '../../dirtyMark';
import { ElementEditor } from '../../elementEditor';
import { NewElement } from '../../newElement';
import type { PageByKind } from '../../page';
import type { ValueModel } from '../../valueModel';
import { collectionType } from '../collectionType';
import { FieldTtl } from './fieldTtl';

type Row = PageByKind['hash']['rows'][number];

function columns(model: ValueModel, rows: readonly Row[]): Column<Row>[] {
  const ttl = rows.some((row) => row.ttlMs !== undefined);
  return [
    {
      id: 'hash.field',
      title: t('Field'),
      width: 'minmax(80px, 1fr)',
      draw: (row) => (
        <>
          <DirtyMark model={model} target={{ kind: 'hash', field: row.field.bytes }} />
          <CellText cell={row.field} />
        </>
      ),
    },
    {
      id: 'hash.value',
      title: t('Value'),
      width: 'minmax(48px, 1fr)',
      draw: (row) => <CellText cell={row.value} />,
    },
    ...(ttl ? [{ id: 'hash.ttl', title: t('TTL'), width: '80px', numeric: true, draw: drawTtl }] : []),
    {
      id: 'hash.size',
      title: t('Size'),
      width: '64px',
      numeric: true,
      draw: (row) => formatBytes(row.value.size),
    },
  ];
}

function drawTtl(row: Row): string {
  return row.ttlMs === undefined ? '' : formatRemaining(row.ttlMs);
}

/** What a field has to live still: an undo gives it back. */
function timeLeft({ ttlMs }: Row, model: ValueModel): { readonly ttlSeconds?: number } {
  if (ttlMs === undefined) return {};
  const passed = Date.now() - (model.snapshot.value?.loadedAtMs ?? Date.now());
  return { ttlSeconds: Math.max(1, Math.round((ttlMs - passed) / 1000)) };
}

function detail(field: string, row: Row | undefined, model: ValueModel) {
  const target = { kind: 'hash' as const, field };
  return (
    <ElementEditor
      key={field}
      model={model}
      title={nameOfBytes(bytesOfBase64(field))}
      cell={row?.value}
      element={target}
      target={target}
      ttlMs={row?.ttlMs}
      renames
    >
      {row ? <FieldTtl model={model} row={row} /> : null}
    </ElementEditor>
  );
}

const collection: Collection<Row> = {
  label: () => t('Fields'),
  findLabel: () => t('Find in fields…'),
  columns,
  keyOf: (row) => row.field.bytes,
  searched: (row) => [row.field, row.value],
  addLabel: () => t('Add field'),
  removal: (rows, model) => ({
    kind: 'elements',
    elements: {
      type: 'hash',
      edits: rows.map((row) => ({ field: row.field.bytes, ...seenCell(row.value), ...timeLeft(row, model) })),
    },
  }),
  plain: (row) => ({ field: cellLabel(row.field), value: cellLabel(row.value) }),
  detail: (row, model) => detail(row.field.bytes, row, model),
  absent: (field, model) => (model.drafts.get(`hash:${field}`) ? detail(field, undefined, model) : null),
  adding: (model) => (
    <NewElement
      model={model}
      target={{ kind: 'hash' }}
      addLabel={t('Add field')}
      valueLabel={t('New value')}
      named
    />
  ),
};

/** Redis hashes. */
export const hashType = collectionType('hash', collection);
