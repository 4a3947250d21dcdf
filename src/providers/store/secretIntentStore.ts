import type { SecretIntents } from '../../engine/connections/stores';
import type { Clock, Random } from '../../engine/kernel/ports';
import type { StoreAccess } from './storeAccess';
import { connectionReads } from './reads/connectionReads';

/** Notes of acts on secrets in the store, beside the profiles they are about. */
export class StoredSecretIntents implements SecretIntents {
  constructor(
    private readonly access: StoreAccess,
    private readonly ports: { readonly clock: Clock; readonly random: Random },
  ) {}

  async begin(profileId: string): Promise<string> {
    const id = this.ports.random.id();
    const sql = 'INSERT INTO secret_intents (id, profile_id, at) VALUES (?, ?, ?)';
    await this.access.write([{ sql, params: [id, profileId, this.ports.clock.now()] }]);
    return id;
  }

  async end(id: string): Promise<boolean> {
    const rows = await this.access.read(connectionReads.intent, [id]);
    if (rows.length === 0) return false;
    await this.access.write([{ sql: 'DELETE FROM secret_intents WHERE id = ?', params: [id] }]);
    return true;
  }

  async begunBefore(time: number): Promise<{ readonly id: string; readonly profileId: string }[]> {
    const rows = await this.access.read(connectionReads.intentsBefore, [time]);
    return rows.map(([id, profileId]) => ({ id: String(id), profileId: String(profileId) }));
  }

  async hasProfile(profileId: string): Promise<boolean> {
    return (await this.access.read(connectionReads.profile, [profileId])).length > 0;
  }
}
