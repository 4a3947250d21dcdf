import type { Migration } from './schema/migration';
import type { Sqlite } from './sqlite';

/** The version the given steps lead to. */
export function latestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

/** Brings a database up to `target`, each step in a transaction of its own; a failing step leaves no trace. */
export function migrate(
  database: Sqlite,
  migrations: readonly Migration[],
  target: number,
  beat?: () => void,
): void {
  for (const { version, up } of migrations) {
    if (version <= database.version || version > target) continue;
    database.run('BEGIN');
    try {
      for (const sql of up) {
        database.run(sql);
        beat?.();
      }
      database.version = version;
    } catch (thrown) {
      database.run('ROLLBACK');
      throw thrown;
    }
    database.run('COMMIT');
  }
}
