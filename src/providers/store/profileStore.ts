import { type ConnectionProfile, parseProfile } from '../../engine/connections/profile';
import type { ProfileStore } from '../../engine/connections/stores';
import { type RowParser, parseJson } from './rowParser';
import type { StoreAccess } from './storeAccess';
import { connectionReads } from './reads/connectionReads';

/** Profiles in the store. The column `position` is what orders them; `order` in the JSON is replaced by it. */
export class StoredProfiles implements ProfileStore {
  constructor(
    private readonly client: StoreAccess,
    private readonly rows: RowParser,
  ) {}

  async list(): Promise<ConnectionProfile[]> {
    const rows = await this.client.read(connectionReads.profiles);
    return this.rows.parse('profiles', rows, ([, json, order]) =>
      parseProfile({ ...parseJson(json), order }),
    );
  }

  async save(profile: ConnectionProfile): Promise<void> {
    const sql = `INSERT INTO profiles (id, json, position) VALUES (?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET json = excluded.json, position = excluded.position`;
    await this.client.write([{ sql, params: [profile.id, JSON.stringify(profile), profile.order] }]);
  }

  /** Namespaces and saved searches go with it by their references; history has none and stays. */
  async remove(id: string): Promise<void> {
    await this.client.write([{ sql: 'DELETE FROM profiles WHERE id = ?', params: [id] }]);
  }

  async reorder(orderById: ReadonlyMap<string, number>): Promise<void> {
    const sql = 'UPDATE profiles SET position = ? WHERE id = ?';
    await this.client.write([...orderById].map(([id, order]) => ({ sql, params: [order, id] })));
  }
}
