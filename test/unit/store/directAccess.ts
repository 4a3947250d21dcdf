import { AppliedRequests } from '../../../src/providers/store/appliedRequests';
import { type WritableStore, commitGroups } from '../../../src/providers/store/commitGroups';
import { largestMessage } from '../../../src/providers/store/frames';
import { encodeGroup } from '../../../src/providers/store/journalRecord';
import { latestVersion, migrate } from '../../../src/providers/store/migrate';
import { migrations } from '../../../src/providers/store/migrations';
import type { Read } from '../../../src/providers/store/reads/read';
import { RollUp } from '../../../src/providers/store/rollUp';
import type { Sqlite } from '../../../src/providers/store/sqlite';
import type { SqlValue, Statement } from '../../../src/providers/store/statement';
import type { StoreAccess, WriteOptions } from '../../../src/providers/store/storeAccess';
import { sqlite } from './storeFixture';

let lastClient = 0;

/** A store in this thread without files: its transactions are applied as the worker applies them. */
export class DirectAccess implements StoreAccess {
  /** Called before each write; what it throws, the write rejects with, and nothing is applied. */
  beforeWrite: (statements: readonly Statement[], options: WriteOptions) => void = () => undefined;
  private readonly clientId = `direct-${++lastClient}`;
  private readonly store: WritableStore;
  private written = 0;

  constructor(
    readonly database: Sqlite,
    private readonly now: () => number = () => Date.now(),
  ) {
    this.store = {
      database,
      applied: AppliedRequests.in(database),
      journal: { size: 0, append: () => undefined, seal: () => undefined },
      ownership: { holds: () => true },
      rollUp: new RollUp(database),
    };
  }

  async write(statements: readonly Statement[], options: WriteOptions = {}): Promise<void> {
    this.beforeWrite(statements, options);
    const id = `${this.clientId}/${(++this.written).toString().padStart(9, '0')}`;
    const transactions = [{ id, at: this.now(), statements }];
    const [refusal] = commitGroups(this.store, [{ transactions, record: encodeGroup(transactions) }]);
    if (refusal) throw refusal;
  }

  async read({ sql }: Read, params: readonly SqlValue[] = []): Promise<SqlValue[][]> {
    this.store.rollUp.foldFor(sql);
    return this.database.queryOnly(sql, params, largestMessage);
  }

  /** Frees the database. */
  close(): void {
    this.database.close();
  }
}

/** An empty database with every migration; the caller closes it. */
export async function directAccess(now?: () => number): Promise<DirectAccess> {
  const database = (await sqlite())();
  migrate(database, migrations, latestVersion(migrations));
  return new DirectAccess(database, now);
}
