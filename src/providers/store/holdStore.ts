import { type Dataset, datasets } from '../../engine/retention/dataset';
import type { Hold, HoldStore } from '../../engine/retention/holds';
import type { RowParser } from './rowParser';
import type { SqlValue } from './statement';
import type { StoreAccess } from './storeAccess';
import { retentionReads } from './reads/retentionReads';

const columns = 'id, dataset, holder, seq, connection_id, from_at, to_at, at';

/** Holds in the store. */
export class StoredHolds implements HoldStore {
  constructor(
    private readonly store: StoreAccess,
    private readonly rows: RowParser,
  ) {}

  async list(): Promise<Hold[]> {
    const rows = await this.store.read(retentionReads.holds);
    return this.rows.parse('holds', rows, toHold);
  }

  async add({ id, dataset, holder, seq, connectionId, from, to, at }: Hold): Promise<void> {
    const params = [id, dataset, holder, seq ?? null, connectionId ?? null, from ?? null, to ?? null, at];
    const sql = `INSERT OR REPLACE INTO holds (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
    await this.store.write([{ sql, params }]);
  }

  async remove(id: string): Promise<void> {
    await this.store.write([{ sql: 'DELETE FROM holds WHERE id = ?', params: [id] }], { frees: true });
  }
}

function toHold([id, dataset, holder, seq, connectionId, from, to, at]: SqlValue[]): Hold {
  return {
    id: String(id),
    dataset: toDataset(dataset),
    holder: String(holder),
    at: Number(at),
    ...(typeof seq === 'number' && { seq }),
    ...(typeof connectionId === 'string' && { connectionId }),
    ...(typeof from === 'number' && { from }),
    ...(typeof to === 'number' && { to }),
  };
}

function toDataset(value: SqlValue | undefined): Dataset {
  const known = datasets.find((dataset) => dataset === value);
  if (known) return known;
  throw new Error('The hold is of a dataset that is not known');
}
