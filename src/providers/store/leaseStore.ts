import { type Lease, type LeaseStore, leaseMs } from '../../engine/kernel/leases';
import type { Clock } from '../../engine/kernel/ports';
import type { StoreAccess } from './storeAccess';
import { leaseReads } from './reads/leaseReads';

/**
 * Grants the lease when it is free, or held by the one who asks. A time to expire that is further away than any
 * holder sets it is from a clock that was wrong then or is wrong now: it holds nothing, or a dead holder could keep the
 * lease for as long as the clock was off. Who is robbed so by mistake is told by the epoch, which has risen.
 */
const acquire = `INSERT INTO leases (name, holder, epoch, expires_at) VALUES (?1, ?2, 1, ?3 + ?4)
  ON CONFLICT (name) DO UPDATE SET
    epoch = CASE WHEN holder = ?2 AND expires_at > ?3 AND expires_at <= ?3 + 2 * ?4 THEN epoch ELSE epoch + 1 END,
    holder = ?2,
    expires_at = ?3 + ?4
  WHERE holder = ?2 OR expires_at <= ?3 OR expires_at > ?3 + 2 * ?4`;

const isSame = 'name = ? AND holder = ? AND epoch = ?';

/** On a full disk retention frees room only if it gets its lease: this row may use the room held in reserve. */
const small = { frees: true };

/**
 * Leases in the store. The row of a lease stays for good, so that its epoch never falls; without holder it is free.
 * Each transaction grants or refuses by itself and is then read back, because one that was sent again after the store
 * changed its owner is applied once and tells no count of rows.
 */
export class StoredLeases implements LeaseStore {
  constructor(
    private readonly access: StoreAccess,
    private readonly clock: Clock,
  ) {}

  async acquire(name: string, holder: string): Promise<Lease | undefined> {
    await this.access.write([{ sql: acquire, params: [name, holder, this.clock.now(), leaseMs] }], small);
    const rows = await this.access.read(leaseReads.holder, [name]);
    const [heldBy, epoch] = rows[0] ?? [];
    return heldBy === holder ? { name, holder, epoch: Number(epoch) } : undefined;
  }

  async renew({ name, holder, epoch }: Lease): Promise<boolean> {
    const key = [name, holder, epoch];
    const expires = this.clock.now() + leaseMs;
    await this.access.write(
      [{ sql: `UPDATE leases SET expires_at = ? WHERE ${isSame}`, params: [expires, ...key] }],
      small,
    );
    return (await this.access.read(leaseReads.isHeld, key)).length > 0;
  }

  async release({ name, holder, epoch }: Lease): Promise<void> {
    const sql = `UPDATE leases SET holder = '', expires_at = 0 WHERE ${isSame}`;
    await this.access.write([{ sql, params: [name, holder, epoch] }], small);
  }
}
