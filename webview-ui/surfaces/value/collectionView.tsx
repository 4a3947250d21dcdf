import { useEffect, useMemo, useState } from 'preact/hooks';
import type { PageDto } from '../../../src/protocol/valuePage';
import { formatCount } from '../../app/format';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { Grid } from '../../components/grid';
import { noSelection, type Selection } from '../../components/gridSelection';
import { Menu } from '../../components/menu';
import type { Collection } from './collection';
import { newKey } from '../../../src/protocol/draftKey';
import { FindBar } from './findBar';
import { rowsAsCsv, rowsAsJson } from './rowsText';
import { Split } from './split';
import type { ValueModel } from './valueModel';
import { filterRows } from './filterRows';

interface CollectionViewProps<Row> {
  readonly model: ValueModel;
  readonly collection: Collection<Row>;
  readonly rows: readonly Row[];
  readonly total: number;
  /** The rows of a page that a search of the whole value found. */
  readonly rowsOf: (page: PageDto) => readonly Row[] | undefined;
}

/** The rows of a value in a grid, and the chosen one beside it. */
export function CollectionView<Row>(props: CollectionViewProps<Row>) {
  const { model, collection, rows } = props;
  const found = model.searching.search.value?.page;
  const all = useMemo(() => [...rows, ...((found && props.rowsOf(found)) ?? [])], [rows, found]);
  return (
    <Split start={<Rows {...props} />} end={<Beside model={model} collection={collection} rows={all} />} />
  );
}

interface BesideProps<Row> {
  readonly model: ValueModel;
  readonly collection: Collection<Row>;
  readonly rows: readonly Row[];
}

function Beside<Row>({ model, collection, rows }: BesideProps<Row>) {
  const chosen = model.chosen.value;
  const row = useMemo(() => rows.find((each) => collection.keyOf(each) === chosen), [rows, chosen]);
  if (chosen === newKey) return <>{collection.adding(model)}</>;
  if (row !== undefined) return <>{collection.detail(row, model)}</>;
  return chosen === undefined ? null : <>{collection.absent?.(chosen, model)}</>;
}

function Rows<Row>({ model, collection, rows, total, rowsOf }: CollectionViewProps<Row>) {
  const [find, setFind] = useState('');
  const [selection, setSelection] = useState(noSelection);
  const search = model.searching.search.value;
  useEffect(() => {
    if (model.chosen.value === undefined && rows[0] !== undefined)
      model.chosen.value = collection.keyOf(rows[0]);
  }, [rows]);
  const filtered = useMemo(() => filterRows(rows, find, collection.searched), [rows, find]);
  const shown = search ? ((search.page && rowsOf(search.page)) ?? []) : filtered;
  const selected = selectedRows(shown, selection, model.chosen.value, collection);
  const copy = (as: typeof rowsAsJson): void =>
    void model.useWay('value/copyText', { text: as(selected.map(collection.plain)) });
  const locked = model.readOnlyReason.value !== undefined;
  const remove = (gone: readonly Row[]): void => model.change(collection.removal(gone, model));
  return (
    <section class="rows" aria-label={collection.label()}>
      <FindBar
        model={model}
        label={collection.findLabel()}
        find={find}
        onFind={setFind}
        found={filtered.length}
        loaded={rows.length}
        total={total}
        position={collection.position?.()}
      >
        <RowActions
          model={model}
          addLabel={collection.addLabel()}
          reversible={collection.reversible ?? false}
          selected={selected.length}
          onRemove={locked || selected.length === 0 ? undefined : () => remove(selected)}
          onCopy={copy}
        />
      </FindBar>
      <Grid
        label={collection.label()}
        columns={collection.columns(model, shown)}
        rows={shown}
        total={search || find ? shown.length : total}
        keyOf={collection.keyOf}
        chosen={model.chosen.value}
        onChoose={(row) => {
          model.chosen.value = collection.keyOf(row);
        }}
        selection={selection}
        onSelect={setSelection}
        onDelete={locked ? undefined : remove}
        onCopy={() => copy(rowsAsCsv)}
        more={search ? undefined : moreOf(model, rows.length, total)}
        emptyText={emptyText(find, search?.state)}
      />
    </section>
  );
}

/** The selected rows; with none selected, the one that is shown. */
function selectedRows<Row>(
  rows: readonly Row[],
  { keys }: Selection,
  chosen: string | undefined,
  { keyOf }: Collection<Row>,
): readonly Row[] {
  return rows.filter((row) => (keys.size === 0 ? keyOf(row) === chosen : keys.has(keyOf(row))));
}

function moreOf(model: ValueModel, loaded: number, total: number) {
  if (model.page.value?.cursor === undefined) return undefined;
  const busy = model.reading.more.loading.value;
  const read = t('{0} of {1} read', formatCount(loaded), formatCount(total));
  const label = busy ? t('Reading more…') : t('Load more ({0})', read);
  return { label, busy, load: () => void model.reading.more.load() };
}

function emptyText(find: string, search: string | undefined): string {
  if (search === 'running') return t('Nothing found so far');
  if (search !== undefined) return t('Nothing found');
  return find ? t('Nothing found in the loaded rows') : t('Empty');
}

interface RowActionsProps {
  readonly model: ValueModel;
  readonly addLabel: string;
  readonly reversible: boolean;
  readonly selected: number;
  readonly onRemove: (() => void) | undefined;
  readonly onCopy: (as: typeof rowsAsJson) => void;
}

function RowActions({ model, addLabel, reversible, selected, onRemove, onCopy }: RowActionsProps) {
  const locked = model.readOnlyReason.value;
  const none = selected === 0;
  return (
    <div class="rows-actions" role="group" aria-label={t('Rows')}>
      <Button
        label={addLabel}
        icon="add"
        disabled={locked !== undefined}
        hint={locked}
        onClick={() => {
          model.chosen.value = newKey;
        }}
      />
      <Button
        label={selected > 1 ? t('Delete {0} rows', formatCount(selected)) : t('Delete row')}
        icon="trash"
        iconOnly
        disabled={!onRemove}
        hint={locked ?? (none ? t('Choose a row first') : undefined)}
        onClick={() => onRemove?.()}
      />
      {reversible ? (
        <Button
          label={model.reading.descending.value ? t('Show from the first') : t('Show from the last')}
          icon="arrow-swap"
          iconOnly
          onClick={() => void model.reading.reverse()}
        />
      ) : null}
      <Menu
        label={t('Copy selected rows')}
        icon="copy"
        disabled={none}
        items={[
          { label: t('Copy rows as JSON'), icon: 'json', run: () => onCopy(rowsAsJson) },
          { label: t('Copy rows as CSV'), icon: 'table', run: () => onCopy(rowsAsCsv) },
        ]}
      />
    </div>
  );
}
