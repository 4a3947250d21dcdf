/** Buckets of the roll-ups, milliseconds. */
export const minuteMs = 60_000;
export const hourMs = 3_600_000;

const columns = 'bucket, connection_id, status, count, sum_us, max_us, first_seq, last_seq';

const addUp = `ON CONFLICT (bucket, connection_id, status) DO UPDATE SET
      count = count + excluded.count,
      sum_us = sum_us + excluded.sum_us,
      max_us = max(max_us, excluded.max_us),
      first_seq = min(first_seq, excluded.first_seq),
      last_seq = max(last_seq, excluded.last_seq)`;

/**
 * SQL that adds the events behind `afterSeq` (a number, or `?`) to a roll-up. It is part of a released step of the
 * schema. Durations are bounded at 11 days, so that no sum can overflow and fail a commit.
 */
export function foldInto(table: string, bucketMs: number, afterSeq: number | '?'): string {
  return `INSERT INTO ${table} (${columns})
    SELECT CAST(timestamp AS INTEGER) / ${bucketMs}, coalesce(connection_id, ''), status, count(*),
      sum(CAST(round(min(max(duration_ms, 0), 1e9) * 1000) AS INTEGER)),
      max(CAST(round(min(max(duration_ms, 0), 1e9) * 1000) AS INTEGER)), min(seq), max(seq)
    FROM history_events NOT INDEXED WHERE seq > ${afterSeq} GROUP BY 1, 2, 3
    ${addUp}`;
}

/** SQL that adds a row of sums, given in the order of the columns, to a roll-up. */
export function addInto(table: string): string {
  return `INSERT INTO ${table} (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ${addUp}`;
}
