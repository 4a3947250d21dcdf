import { type Dataset, type DatasetUsage, datasets } from '../../engine/retention/dataset';
import type { Usage } from '../../engine/retention/retentionStore';
import { datasetReads, retentionReads } from './reads/retentionReads';
import { type RetentionTable, retentionTables } from './retentionTables';
import type { StoreAccess } from './storeAccess';

/** What every dataset takes and spans, and what all take. */
export async function measureUsage(
  store: StoreAccess,
  tableBytes: ReadonlyMap<string, number>,
): Promise<Usage> {
  const payloads = await payloadBytes(store);
  const measured: DatasetUsage[] = [];
  for (const table of retentionTables) {
    const { dataset } = table;
    measured.push({
      dataset,
      databaseBytes: [table.table, ...table.besides].reduce(
        (sum, name) => sum + (tableBytes.get(name) ?? 0),
        0,
      ),
      payloadBytes: payloads.get(dataset) ?? 0,
      ...(await span(store, table)),
    });
  }
  return {
    datasets: measured,
    databaseBytes: [...tableBytes].reduce((sum, [table, bytes]) => sum + (table === '' ? 0 : bytes), 0),
    payloadBytes: [...payloads.values()].reduce((sum, bytes) => sum + bytes, 0),
  };
}

async function span(
  store: StoreAccess,
  table: RetentionTable,
): Promise<Pick<DatasetUsage, 'rows' | 'heldRows' | 'oldestAt' | 'newestAt'>> {
  const [[rows, oldest, newest] = []] = await store.read(datasetReads(table).span);
  return {
    rows: Number(rows),
    heldRows: await countHeld(store, table),
    ...(typeof oldest === 'number' && { oldestAt: oldest }),
    ...(typeof newest === 'number' && { newestAt: newest }),
  };
}

/** Records that holds keep, of all or of those before a time and up to a `seq`. */
export async function countHeld(
  store: StoreAccess,
  table: RetentionTable,
  range?: { readonly before: number; readonly throughSeq: number },
): Promise<number> {
  const [[holds] = []] = await store.read(retentionReads.holdsOf, [table.dataset]);
  if (holds === 0) return 0;
  const { held: all, heldWithin } = datasetReads(table);
  const [[held] = []] = range
    ? await store.read(heldWithin, [range.before, range.throughSeq])
    : await store.read(all);
  return Number(held);
}

/**
 * Bytes of payload files by dataset. A file that records of two datasets refer to counts once, for the one that is
 * worth keeping longest: it goes only when that one lets it go.
 */
async function payloadBytes(store: StoreAccess): Promise<ReadonlyMap<Dataset, number>> {
  const rows = await store.read(retentionReads.payloadBytes);
  return new Map(
    rows.flatMap(([place, bytes]) => {
      const dataset = datasets[Number(place)];
      return dataset && place !== null ? [[dataset, Number(bytes)] as const] : [];
    }),
  );
}
