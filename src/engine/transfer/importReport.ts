import type { EngineError } from '../kernel/errors';
import type { Ending } from '../kernel/recorder';

/** What became of one key of a file. */
export type KeyFate = 'written' | 'replaced' | 'skipped' | 'expired' | 'invalid' | 'failed' | 'unknown';

/** What became of an import so far. Keys that were not come to are in no count. */
export interface ImportReport extends Readonly<Record<KeyFate, number>> {
  /** Keys and unreadable lines come to; the counts add up to it. */
  readonly keys: number;
  /** The file was cut off: keys after its end are missing. */
  readonly endsEarly: boolean;
  readonly cancelled: boolean;
  /** It ended before the file did. */
  readonly stopped: boolean;
  /** Lines of the first keys that are `invalid`. */
  readonly invalidLines: readonly number[];
  /** The first failure. */
  readonly error?: EngineError;
}

/** Lines that are named in a report. */
const namedLines = 10;

const nothing: ImportReport = {
  keys: 0, written: 0, replaced: 0, skipped: 0, expired: 0, invalid: 0, failed: 0, unknown: 0,
  endsEarly: false, cancelled: false, stopped: false, invalidLines: [],
}; // prettier-ignore

/** Counts the keys of an import. */
export class ImportCounts {
  private current = nothing;

  get report(): ImportReport {
    return this.current;
  }

  add({ fate, line }: { readonly fate: KeyFate; readonly line: number }, error?: EngineError): void {
    const { current } = this;
    const { invalidLines: lines } = current;
    const invalidLines = fate === 'invalid' && lines.length < namedLines ? [...lines, line] : lines;
    const counted = { keys: current.keys + 1, [fate]: current[fate] + 1 };
    this.current = { ...current, ...counted, invalidLines, ...this.firstOf(error) };
  }

  endsEarly(): void {
    this.current = { ...this.current, endsEarly: true };
  }

  stop({
    isCancelled = false,
    error,
  }: {
    readonly isCancelled?: boolean;
    readonly error?: EngineError;
  }): void {
    const cancelled = this.current.cancelled || isCancelled;
    this.current = { ...this.current, stopped: true, cancelled, ...this.firstOf(error) };
  }

  /** How a batch ended, for the history: what was counted in it. */
  endingSince(before: ImportReport): Ending {
    const { current } = this;
    const since = (fate: KeyFate): number => current[fate] - before[fate];
    const [failed, invalid, unknown] = [since('failed'), since('invalid'), since('unknown')];
    return {
      status: unknown > 0 ? 'unknown' : failed + invalid > 0 ? 'error' : 'success',
      ...(current.error && failed + unknown > 0 && { error: current.error }),
      details: {
        written: since('written'), replaced: since('replaced'), skipped: since('skipped'), expired: since('expired'),
        failed, invalid, unknown, cancelled: current.cancelled,
      }, // prettier-ignore
    };
  }

  private firstOf(error: EngineError | undefined): { readonly error?: EngineError } {
    const first = this.current.error ?? error;
    return first ? { error: first } : {};
  }
}
