import { foldInto, hourMs, minuteMs } from './foldInto';
import type { Migration } from './migration';

/**
 * A table of records a dataset. What a record says is JSON, parsed by the feature it belongs to; retention needs only
 * the columns. `at`: milliseconds since the epoch. AUTOINCREMENT, so that a `seq` never names a second record.
 */
function recordTable(name: string): readonly string[] {
  return [
    `CREATE TABLE ${name} (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      at INTEGER NOT NULL,
      connection_id TEXT,
      json TEXT NOT NULL
    )`,
    `CREATE INDEX ${name}_by_time ON ${name} (at)`,
  ];
}

/** Records that go take their references to payload files with them. */
function releasePayloads(table: string, dataset: string): string {
  return `CREATE TRIGGER ${table}_release AFTER DELETE ON ${table} BEGIN
    DELETE FROM payload_references WHERE owner = '${dataset}/' || OLD.id;
  END`;
}

/**
 * History events counted by bucket (minutes or hours since the epoch), connection ('' for none) and status, so that
 * what shows many of them reads few rows. Durations are whole microseconds: their sums are exact in any order, so a
 * replay arrives at the same rows. `first_seq` and `last_seq` lead from a time to events without an index on time.
 */
function rollUpTable(name: string, bucketMs: number): readonly string[] {
  return [
    `CREATE TABLE ${name} (
      bucket INTEGER NOT NULL,
      connection_id TEXT NOT NULL,
      status TEXT NOT NULL,
      count INTEGER NOT NULL,
      sum_us INTEGER NOT NULL,
      max_us INTEGER NOT NULL,
      first_seq INTEGER NOT NULL,
      last_seq INTEGER NOT NULL,
      PRIMARY KEY (bucket, connection_id, status)
    ) WITHOUT ROWID`,
    foldInto(name, bucketMs, 0),
  ];
}

/** Leases, payload files, the datasets that retention keeps in bounds, and what holds their records. */
export const migration2: Migration = {
  version: 2,
  up: [
    `CREATE TABLE leases (
      name TEXT PRIMARY KEY NOT NULL,
      holder TEXT NOT NULL,
      epoch INTEGER NOT NULL,
      expires_at INTEGER NOT NULL
    ) WITHOUT ROWID`,
    // Inserting (name, holder, epoch) here fails the transaction around it unless that lease is still held so.
    "CREATE VIEW lease_guard AS SELECT '' AS name, '' AS holder, 0 AS epoch",
    `CREATE TRIGGER lease_guard_check INSTEAD OF INSERT ON lease_guard WHEN NOT EXISTS (
      SELECT 1 FROM leases WHERE name = NEW.name AND holder = NEW.holder AND epoch = NEW.epoch
    ) BEGIN SELECT RAISE(ABORT, 'lease lost'); END`,
    // `hash`: keyed hash of the content, which names its file. `bytes`: size of the file.
    `CREATE TABLE payloads (
      hash TEXT PRIMARY KEY NOT NULL,
      key_id TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      created_at INTEGER NOT NULL
    ) WITHOUT ROWID`,
    // `owner`: dataset and id of a record, `keySnapshots/<id>`.
    `CREATE TABLE payload_references (
      owner TEXT NOT NULL,
      hash TEXT NOT NULL REFERENCES payloads (hash),
      PRIMARY KEY (owner, hash)
    ) WITHOUT ROWID`,
    'CREATE INDEX payload_references_by_hash ON payload_references (hash)',
    ...recordTable('observability_snapshots'),
    ...recordTable('workflow_runs'),
    ...recordTable('incident_artifacts'),
    ...recordTable('alert_events'),
    ...recordTable('key_snapshots'),
    releasePayloads('key_snapshots', 'keySnapshots'),
    releasePayloads('incident_artifacts', 'incidentArtifacts'),
    'CREATE TABLE retention_policies (dataset TEXT PRIMARY KEY NOT NULL, json TEXT NOT NULL) WITHOUT ROWID',
    // A hold keeps one record (`seq`), or all of a time span, of one connection or of any.
    `CREATE TABLE holds (
      id TEXT PRIMARY KEY NOT NULL,
      dataset TEXT NOT NULL,
      holder TEXT NOT NULL,
      seq INTEGER,
      connection_id TEXT,
      from_at INTEGER,
      to_at INTEGER,
      at INTEGER NOT NULL
    ) WITHOUT ROWID`,
    'CREATE INDEX holds_by_record ON holds (dataset, seq)',
    // What retention remembers between its rounds, by name.
    'CREATE TABLE retention_state (name TEXT PRIMARY KEY NOT NULL, json TEXT NOT NULL) WITHOUT ROWID',
    ...rollUpTable('history_minutes', minuteMs),
    ...rollUpTable('history_hours', hourMs),
  ],
};
