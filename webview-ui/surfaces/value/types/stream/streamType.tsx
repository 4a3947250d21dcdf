import { useState } from 'preact/hooks';
import { t } from '../../../../app/l10n';
import type { Column } from '../../../../components/gridColumns';
import { Tabs } from '../../../../components/tabs';
import { cellLabel } from '../../cellText';
import type { Collection } from '../../collection';
import { CollectionView } from '../../collectionView';
import { appendRows, type PageByKind } from '../../page';
import type { PlainRow } from '../../rowsText';
import type { ValueModel } from '../../valueModel';
import type { ValueType } from '../valueType';
import { Entry } from './entry';
import { NewEntry } from './newEntry';
import { StreamGroups } from './streamGroups';
import { TrimBar } from './trimBar';

type Row = PageByKind['stream']['rows'][number];

const columns = (): Column<Row>[] => [
  { id: 'stream.id', title: t('Entry'), width: 'minmax(150px, 0.5fr)', draw: (row) => row.id },
  {
    id: 'stream.fields',
    title: t('Fields'),
    width: 'minmax(80px, 1fr)',
    draw: (row) => <bdi dir="ltr">{summary(row)}</bdi>,
  },
];

function summary(row: Row): string {
  return row.fields
    .map(({ name, value }) => `${cellLabel(name)}=${cellLabel(value).slice(0, 80)}`)
    .join('  ');
}

function plain(row: Row): PlainRow {
  const fields = row.fields.map(({ name, value }) => [cellLabel(name), cellLabel(value)] as const);
  return { id: row.id, fields };
}

const collection: Collection<Row> = {
  label: () => t('Entries'),
  findLabel: () => t('Find in entries…'),
  columns,
  keyOf: (row) => row.id,
  searched: (row) => row.fields.flatMap(({ name, value }) => [name, value]),
  addLabel: () => t('Add entry'),
  removal: (rows) => ({ kind: 'stream', act: { act: 'delete', ids: rows.map(({ id }) => id) } }),
  plain,
  reversible: true,
  position: () => t('Go to id'),
  detail: (row, model) => <Entry key={row.id} model={model} row={row} />,
  adding: (model) => <NewEntry model={model} />,
};

function StreamView({ page, model }: { readonly page: PageByKind['stream']; readonly model: ValueModel }) {
  const [tab, setTab] = useState<'entries' | 'groups'>('entries');
  const tabs = [
    { id: 'entries' as const, label: t('Entries') },
    { id: 'groups' as const, label: t('Groups ({0})', page.groups.length) },
  ];
  return (
    <div class="content-column">
      <Tabs label={t('Stream')} tabs={tabs} chosen={tab} onChoose={setTab} />
      {tab === 'groups' ? (
        <StreamGroups model={model} groups={page.groups} />
      ) : (
        <>
          <TrimBar model={model} total={page.total} />
          <CollectionView
            model={model}
            collection={collection}
            rows={page.rows}
            total={page.total}
            rowsOf={(found) => (found.kind === 'stream' ? found.rows : undefined)}
          />
        </>
      )}
    </div>
  );
}

/** Redis streams. */
export const streamType: ValueType<'stream'> = {
  View: (props) => <StreamView {...props} />,
  append: (loaded, next) => ({
    ...appendRows<Row, PageByKind['stream']>(loaded, next, collection.keyOf),
    groups: next.groups.length > 0 ? next.groups : loaded.groups,
  }),
  read: (page) => ({ loaded: page.rows.length, total: page.total }),
};
