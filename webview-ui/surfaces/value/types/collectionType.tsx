import type { PageDto } from '../../../../src/protocol/valuePage';
import type { Collection } from '../collection';
import { CollectionView } from '../collectionView';
import { appendRows, type PageByKind } from '../page';
import type { ValueType } from './valueType';

/** Kinds of value that are rows and nothing else. */
type RowKind = 'hash' | 'list' | 'set' | 'zset';
type RowOf<K extends RowKind> = PageByKind[K]['rows'][number];

/** The value type of a collection: its rows in a grid. */
export function collectionType<K extends RowKind>(kind: K, collection: Collection<RowOf<K>>): ValueType<K> {
  const rowsOf = (page: PageDto): readonly RowOf<K>[] | undefined =>
    page.kind === kind ? (page as PageByKind[K]).rows : undefined;
  return {
    View: ({ page, model }) => (
      <CollectionView
        model={model}
        collection={collection}
        rows={page.rows}
        total={page.total}
        rowsOf={rowsOf}
      />
    ),
    append: (loaded, next) => appendRows<RowOf<K>, PageByKind[K]>(loaded, next, collection.keyOf),
    read: (page) => ({ loaded: page.rows.length, total: page.total }),
  };
}
