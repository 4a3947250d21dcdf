import { parseSavedSearch } from '../../engine/connections/savedSearch';
import type { SavedSearch, SavedSearchStore } from '../../engine/connections/stores';
import { type RowParser, parseJson } from './rowParser';
import type { StoreAccess } from './storeAccess';
import { connectionReads } from './reads/connectionReads';

/** Saved searches in the store; saving one for a connection that is not stored is refused. */
export class StoredSearches implements SavedSearchStore {
  constructor(
    private readonly client: StoreAccess,
    private readonly rows: RowParser,
  ) {}

  async list(connectionId: string): Promise<SavedSearch[]> {
    const rows = await this.client.read(connectionReads.searches, [connectionId]);
    return this.rows.parse('saved_searches', rows, ([, json]) => parseSavedSearch(parseJson(json)));
  }

  async save(search: SavedSearch): Promise<void> {
    const sql = `INSERT INTO saved_searches (id, connection_id, json) VALUES (?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET connection_id = excluded.connection_id, json = excluded.json`;
    await this.client.write([{ sql, params: [search.id, search.connectionId, JSON.stringify(search)] }]);
  }

  async remove(id: string): Promise<void> {
    await this.client.write([{ sql: 'DELETE FROM saved_searches WHERE id = ?', params: [id] }]);
  }
}
