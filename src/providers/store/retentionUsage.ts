import { type Dataset, type DatasetUsage, datasets } from '../../engine/retention/dataset';
import type { Usage } from '../../engine/retention/retentionStore';
import { type RetentionTable, isHeld, retentionTables } from './retentionTables';
import type { StoreAccess } from './storeAccess';

/** Place of the dataset that a reference is of, in the order in which they are worth keeping. */
const rank = `CASE substr(owner, 1, instr(owner, '/') - 1)
  ${datasets.map((dataset, index) => `WHEN '${dataset}' THEN ${index}`).join(' ')} END`;

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

/** The oldest and the newest record are those that came first and last, whatever clocks said. */
async function span(
  store: StoreAccess,
  table: RetentionTable,
): Promise<Pick<DatasetUsage, 'rows' | 'heldRows' | 'oldestAt' | 'newestAt'>> {
  const { table: name, at } = table;
  const [[rows, oldest, newest] = []] = await store.read(`SELECT (SELECT count(*) FROM ${name}),
    (SELECT ${at} FROM ${name} ORDER BY seq LIMIT 1), (SELECT ${at} FROM ${name} ORDER BY seq DESC LIMIT 1)`);
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
  const [[holds] = []] = await store.read('SELECT count(*) FROM holds WHERE dataset = ?', [table.dataset]);
  if (holds === 0) return 0;
  const conditions = range ? `AND ${table.at} < ? AND seq <= ?` : '';
  const params = range ? [range.before, range.throughSeq] : [];
  const sql = `SELECT count(*) FROM ${table.table} WHERE ${isHeld(table)} ${conditions}`;
  const [[held] = []] = await store.read(sql, params);
  return Number(held);
}

/**
 * Bytes of payload files by dataset. A file that records of two datasets refer to counts once, for the one that is
 * worth keeping longest: it goes only when that one lets it go.
 */
async function payloadBytes(store: StoreAccess): Promise<ReadonlyMap<Dataset, number>> {
  const rows = await store.read(`SELECT place, sum(bytes) FROM
    (SELECT p.bytes AS bytes, max(${rank}) AS place FROM payload_references r JOIN payloads p ON p.hash = r.hash GROUP BY p.hash)
    GROUP BY place`);
  return new Map(
    rows.flatMap(([place, bytes]) => {
      const dataset = datasets[Number(place)];
      return dataset && place !== null ? [[dataset, Number(bytes)] as const] : [];
    }),
  );
}
