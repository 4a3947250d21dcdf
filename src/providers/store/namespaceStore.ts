import { type Namespace, parseNamespace } from '../../engine/connections/namespace';
import type { NamespaceStore } from '../../engine/connections/stores';
import { type RowParser, parseJson } from './rowParser';
import type { StoreAccess } from './storeAccess';
import { connectionReads } from './reads/connectionReads';

/** Namespaces in the store; saving one for a connection that is not stored is refused. */
export class StoredNamespaces implements NamespaceStore {
  constructor(
    private readonly client: StoreAccess,
    private readonly rows: RowParser,
  ) {}

  async list(connectionId: string): Promise<Namespace[]> {
    const rows = await this.client.read(connectionReads.namespaces, [connectionId]);
    return this.rows.parse('namespaces', rows, ([, json]) => parseNamespace(parseJson(json)));
  }

  async save(namespace: Namespace): Promise<void> {
    const sql = `INSERT INTO namespaces (id, connection_id, json) VALUES (?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET connection_id = excluded.connection_id, json = excluded.json`;
    await this.client.write([
      { sql, params: [namespace.id, namespace.connectionId, JSON.stringify(namespace)] },
    ]);
  }

  async remove(id: string): Promise<void> {
    await this.client.write([{ sql: 'DELETE FROM namespaces WHERE id = ?', params: [id] }]);
  }
}
