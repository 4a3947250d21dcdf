import type {
  NewRecord,
  RecordDataset,
  RecordQuery,
  RecordStore,
  StoredRecord,
} from '../../engine/retention/records';
import { tableOf } from './retentionTables';
import type { Read } from './reads/read';
import { recordColumns, recordReads } from './reads/recordReads';
import { type RowParser, parseJson } from './rowParser';
import type { SqlValue } from './statement';
import type { StoreAccess } from './storeAccess';

/** Records of the datasets in the store. */
export class StoredRecords implements RecordStore {
  constructor(
    private readonly store: StoreAccess,
    private readonly rows: RowParser,
  ) {}

  async append(dataset: RecordDataset, records: readonly NewRecord[]): Promise<void> {
    if (records.length === 0) return;
    const sql = `INSERT INTO ${tableOf(dataset).table} (${recordColumns}) VALUES (?, ?, ?, ?)`;
    await this.store.write(
      records.map(({ id, at, connectionId, content }) => ({
        sql,
        params: [id, at, connectionId ?? null, JSON.stringify(content)],
      })),
    );
  }

  async list(
    dataset: RecordDataset,
    { beforeSeq, connectionId, limit }: RecordQuery,
  ): Promise<StoredRecord[]> {
    const { page, pageOfOne } = recordReads(tableOf(dataset));
    const before = beforeSeq ?? Number.MAX_SAFE_INTEGER;
    return connectionId === undefined
      ? this.select(dataset, page, [before, limit])
      : this.select(dataset, pageOfOne, [before, connectionId, limit]);
  }

  async get(dataset: RecordDataset, id: string): Promise<StoredRecord | undefined> {
    return (await this.select(dataset, recordReads(tableOf(dataset)).one, [id]))[0];
  }

  async remove(dataset: RecordDataset, id: string): Promise<void> {
    const sql = `DELETE FROM ${tableOf(dataset).table} WHERE id = ?`;
    await this.store.write([{ sql, params: [id] }], { frees: true });
  }

  private async select(
    dataset: RecordDataset,
    read: Read,
    params: readonly SqlValue[],
  ): Promise<StoredRecord[]> {
    const { table } = tableOf(dataset);
    const rows = await this.store.read(read, params);
    return this.rows.parse(table, rows, toRecord);
  }
}

function toRecord([seq, id, at, connectionId, json]: SqlValue[]): StoredRecord {
  return {
    seq: Number(seq),
    id: String(id),
    at: Number(at),
    ...(typeof connectionId === 'string' && { connectionId }),
    content: parseJson(json),
  };
}
