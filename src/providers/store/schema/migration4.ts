import type { Migration } from './migration';

/**
 * Which requests were applied: of each client the numbers from `first` to `last`. `at`: when the newest of them was
 * made, milliseconds since the epoch. It follows `applied_requests`, which had a row a request and stays empty.
 */
export const migration4: Migration = {
  version: 4,
  up: [
    `CREATE TABLE applied_runs (
      client TEXT NOT NULL,
      first INTEGER NOT NULL,
      last INTEGER NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (client, first)
    ) WITHOUT ROWID`,
  ],
};
