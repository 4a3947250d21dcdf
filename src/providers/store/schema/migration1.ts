import type { Migration } from './migration';

/** Connections with their namespaces and searches, the history, and the ids of applied requests. */
export const migration1: Migration = {
  version: 1,
  up: [
    `CREATE TABLE profiles (
      id TEXT PRIMARY KEY NOT NULL,
      json TEXT NOT NULL,
      position REAL NOT NULL
    ) WITHOUT ROWID`,
    `CREATE TABLE namespaces (
      id TEXT PRIMARY KEY NOT NULL,
      connection_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
      json TEXT NOT NULL
    ) WITHOUT ROWID`,
    'CREATE INDEX namespaces_by_connection ON namespaces (connection_id)',
    `CREATE TABLE saved_searches (
      id TEXT PRIMARY KEY NOT NULL,
      connection_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
      json TEXT NOT NULL
    ) WITHOUT ROWID`,
    'CREATE INDEX saved_searches_by_connection ON saved_searches (connection_id)',
    // The history of a connection outlives its profile, hence no reference.
    `CREATE TABLE history_events (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL,
      timestamp INTEGER NOT NULL,
      source TEXT NOT NULL,
      connection_id TEXT,
      namespace TEXT,
      environment TEXT,
      action TEXT NOT NULL,
      key_or_pattern TEXT,
      duration_ms REAL NOT NULL,
      status TEXT NOT NULL,
      error_code TEXT,
      retryable INTEGER,
      attempts INTEGER NOT NULL,
      correlation_id TEXT NOT NULL,
      details TEXT
    )`,
    // Each index ends with the row's seq, so newest-first needs no sorting. Successes are the many and are
    // found by walking; only what is not one is worth an index by status.
    'CREATE INDEX history_by_connection ON history_events (connection_id)',
    "CREATE INDEX history_failures ON history_events (status) WHERE status <> 'success'",
    `CREATE INDEX history_failures_by_connection ON history_events (connection_id, status)
      WHERE status <> 'success'`,
    'CREATE TABLE applied_requests (id TEXT PRIMARY KEY NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID',
  ],
};
