import type { Migration } from './migration';

/** What a crash between two places leaves is found by these: a secret without its profile, content without its record. */
export const migration5: Migration = {
  version: 5,
  up: [
    // An act that changes a profile and its secret, from before the first until after the second.
    `CREATE TABLE secret_intents (
      id TEXT PRIMARY KEY NOT NULL,
      profile_id TEXT NOT NULL,
      at INTEGER NOT NULL
    ) WITHOUT ROWID`,
    // When a reference was made, milliseconds since the epoch; 0 for those of earlier versions.
    'ALTER TABLE payload_references ADD COLUMN at INTEGER NOT NULL DEFAULT 0',
  ],
};
