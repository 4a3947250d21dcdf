import type { StoredHistoryEvent } from '../kernel/history';

/** Events read at once. */
const pageSize = 1000;

/** Where lines go. */
export interface LineWriter {
  write(text: string): Promise<void>;
}

/** Reads the history oldest first. */
export interface HistoryReader {
  /** Newest `seq`, 0 when there is none. */
  lastSeq(): Promise<number>;
  /** At most `limit` events behind one `seq` and up to another, oldest first. */
  readForward(afterSeq: number, throughSeq: number, limit: number): Promise<StoredHistoryEvent[]>;
}

/** How far an export has come; also its result. */
export interface HistoryExport {
  readonly events: number;
  readonly isCancelled: boolean;
}

/**
 * Writes the events there are at its start as lines of JSON, oldest first. What comes meanwhile is not in it. An event
 * that is purged meanwhile is missing. A failure of the store or the writer rejects.
 */
export async function exportHistory(
  reader: HistoryReader,
  writer: LineWriter,
  onProgress: (events: number) => void,
  signal: AbortSignal,
): Promise<HistoryExport> {
  const throughSeq = await reader.lastSeq();
  let events = 0;
  let afterSeq = 0;
  while (!signal.aborted) {
    const page = await reader.readForward(afterSeq, throughSeq, pageSize);
    const last = page.at(-1);
    if (!last) return { events, isCancelled: false };
    await writer.write(page.map((event) => `${JSON.stringify(event)}\n`).join(''));
    events += page.length;
    afterSeq = last.seq;
    onProgress(events);
  }
  return { events, isCancelled: true };
}
