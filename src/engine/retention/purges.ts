import { EngineError, toEngineError } from '../kernel/errors';
import type { Clock, Random } from '../kernel/ports';
import type { Dataset } from './dataset';
import type { HoldStore } from './holds';
import type { PurgeImpact, PurgeLoss, PurgePreview, PurgeProgress, PurgeRequest, Purges } from './purge';
import type { RecordRange, RetentionStore } from './retentionStore';
import { sweep } from './sweep';

/** How long a preview may be acted on, milliseconds. */
const validMs = 15 * 60_000;

/** Counts what purges would take. Its conditions are those of the purge itself. */
export interface PurgeCounts {
  /** Impacts of deleting these ranges together; payload files count that nothing refers to afterwards. */
  impacts(ranges: readonly RecordRange[]): Promise<PurgeImpact[]>;
  /** Records of a range that are there and not held. */
  count(range: RecordRange): Promise<number>;
}

/** What a token names. */
interface Bound {
  readonly preview: PurgePreview;
  /** A purge ends at the newest `seq` of the preview: what arrives later is not in it, whatever its time. */
  readonly ranges: readonly RecordRange[];
  /** The holds then, as text. Were one gone, the purge would take what the preview said is held. */
  readonly holds: readonly string[];
  /** When it was made, by the clock that never jumps. */
  readonly madeAt: number;
}

/** What purges work with. */
export interface PurgePorts {
  readonly store: RetentionStore;
  readonly counts: PurgeCounts;
  readonly holds: HoldStore;
  readonly upkeep: { shrink(): Promise<{ readonly before: number; readonly after: number }> };
  readonly clock: Clock;
  readonly random: Random;
}

/** Previews purges and carries out exactly what was previewed. A token is known to the window that made it. */
export class PurgeRuns implements Purges {
  private readonly bounds = new Map<string, Bound>();

  constructor(private readonly ports: PurgePorts) {}

  async preview(request: PurgeRequest): Promise<PurgePreview> {
    const { store, counts, holds, clock, random } = this.ports;
    const held = (await holds.list()).map((hold) => JSON.stringify(hold));
    const ranges: RecordRange[] = [];
    for (const dataset of new Set(request.datasets)) {
      const throughSeq = await store.seqBound(dataset, request.before);
      ranges.push({ dataset, throughSeq, before: request.before });
    }
    const impacts = await counts.impacts(ranges);
    const preview = {
      token: random.id(),
      madeAt: clock.now(),
      request,
      impacts,
      losses: impacts.flatMap((impact) => lossesOf(impact, request.before)),
    };
    this.forgetOld();
    this.bounds.set(preview.token, { preview, ranges, holds: held, madeAt: clock.monotonic() });
    return preview;
  }

  async run(
    token: string,
    onProgress: (progress: PurgeProgress) => void,
    signal: AbortSignal,
  ): Promise<PurgeProgress> {
    const bound = await this.boundOf(token);
    const { counts } = this.ports;
    let total = 0;
    for (const range of bound.ranges) total += await counts.count(range);
    const run = new PurgeRun(this.ports, total, onProgress, signal);
    return run.through(bound.ranges);
  }

  private async boundOf(token: string): Promise<Bound> {
    this.forgetOld();
    const bound = this.bounds.get(token);
    if (!bound) throw stale('The preview of the purge is too old: make it again');
    const now = new Set((await this.ports.holds.list()).map((hold) => JSON.stringify(hold)));
    if (bound.holds.every((hold) => now.has(hold))) return bound;
    throw stale('Some records are no longer held: make the preview of the purge again');
  }

  private forgetOld(): void {
    const now = this.ports.clock.monotonic();
    for (const [token, { madeAt }] of this.bounds) if (now - madeAt > validMs) this.bounds.delete(token);
  }
}

/** One purge that is under way. */
class PurgeRun {
  private doneRows = 0;

  constructor(
    private readonly ports: PurgePorts,
    private readonly totalRows: number,
    private readonly onProgress: (progress: PurgeProgress) => void,
    private readonly signal: AbortSignal,
  ) {}

  /** Deletes the ranges; what fails on the way is told, with what went and what remains. */
  async through(ranges: readonly RecordRange[]): Promise<PurgeProgress> {
    try {
      for (const range of ranges) await this.sweep(range);
      await this.ports.store.removeUnreferencedPayloads();
      const { before, after } =
        this.doneRows > 0 ? await this.ports.upkeep.shrink() : { before: 0, after: 0 };
      const freedBytes = Math.max(0, before - after);
      if (this.signal.aborted) return this.progress({ freedBytes, stopped: 'cancelled' });
      // Whatever came to be held meanwhile stays, and is not left to do.
      return { ...this.progress({ freedBytes }), remainingRows: 0 };
    } catch (thrown) {
      return this.progress({ stopped: 'failed', message: toEngineError(thrown).message });
    }
  }

  private async sweep(range: RecordRange): Promise<void> {
    const { store, clock } = this.ports;
    const before = this.doneRows;
    const onBatch = (rows: number): void => {
      this.doneRows = before + rows;
      this.onProgress(this.progress({}));
    };
    await sweep({ store, clock, signal: this.signal, onBatch }, range);
  }

  private progress(facts: Partial<PurgeProgress>): PurgeProgress {
    const { doneRows, totalRows } = this;
    return { doneRows, remainingRows: Math.max(0, totalRows - doneRows), freedBytes: 0, ...facts };
  }
}

const lossKinds: Readonly<Record<Dataset, readonly PurgeLoss['kind'][]>> = {
  timelineEvents: ['timeline'],
  observabilitySnapshots: ['trend', 'compare'],
  workflowHistory: ['runHistory'],
  incidentArtifacts: ['bundle'],
  alerts: ['alertHistory'],
  keySnapshots: ['rollback'],
};

/** What looks back over time can do so only from the purge's time on; the others lose records. */
function lossesOf({ dataset, rows }: PurgeImpact, before: number): PurgeLoss[] {
  if (rows === 0) return [];
  const isSpan = dataset === 'timelineEvents' || dataset === 'observabilitySnapshots' || dataset === 'alerts';
  return lossKinds[dataset].map((kind) => ({ kind, count: rows, ...(isSpan && { from: before }) }));
}

function stale(message: string): EngineError {
  return new EngineError('CONFLICT', 'stale', message, { retryable: true });
}
