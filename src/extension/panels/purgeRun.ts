import { EngineError, invalid } from '../../engine/kernel/errors';
import type { Disposable } from '../../engine/kernel/lifetime';
import type { Clock } from '../../engine/kernel/ports';
import type { Ending, Recorder } from '../../engine/kernel/recorder';
import type { PurgeProgress, PurgeRequest, Purges } from '../../engine/retention/purge';
import type { PurgeDto } from '../../protocol/governance';
import { isTypedCount } from '../../protocol/typedCount';
import { progressDto, purgeDto } from './governanceDto';

/** What a purge in a panel needs. */
export interface PurgeRunPorts {
  readonly purges: Purges;
  readonly recorder: Pick<Recorder, 'during'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** What is shown has changed; at most five times a second while it runs. */
  readonly onChange: (purge: PurgeDto | undefined) => void;
}

/** Milliseconds between two reports of progress. */
const reportEvery = 200;

/**
 * One purge from its preview to its result. States: nothing (`state` undefined); previewed; running; ended, where what
 * remains may be tried again. `preview` replaces what is there, `close` forgets it; neither is possible while it runs.
 * It outlives the page: a hidden tab must not stop a purge. Closing the panel does.
 */
export class PurgeRun implements Disposable {
  private shown: PurgeDto | undefined;
  private running: AbortController | undefined;
  private previews = 0;

  constructor(private readonly ports: PurgeRunPorts) {}

  get state(): PurgeDto | undefined {
    return this.shown;
  }

  /** Works out what would go. Of two at once the later one counts. */
  async preview(request: PurgeRequest): Promise<void> {
    this.refuseWhileRunning();
    const own = ++this.previews;
    const preview = purgeDto(await this.ports.purges.preview(request));
    if (own === this.previews && !this.running) this.show(preview);
  }

  /** Purges what the preview named, once the number of its records was typed. */
  async confirm(token: string, typed: string): Promise<void> {
    const purge = this.current(token);
    const rows = purge.impacts.reduce((sum, impact) => sum + impact.rows, 0);
    if (rows === 0) throw invalid('There is no record to purge');
    if (!isTypedCount(typed, rows))
      throw new EngineError(
        'VALIDATION_ERROR',
        'unconfirmed',
        'This is not the number of records. Nothing was purged',
      );
    await this.run(purge);
  }

  /** Goes on with what a stopped purge left. */
  async retry(token: string): Promise<void> {
    const purge = this.current(token);
    if (!purge.progress?.stopped) throw invalid('This purge was not stopped: there is nothing to go on with');
    await this.run(purge);
  }

  /** Asks a purge that runs to stop after its batch. */
  cancel(): void {
    this.running?.abort();
  }

  /** Forgets the preview or the result. */
  close(): void {
    this.refuseWhileRunning();
    this.previews++;
    this.show(undefined);
  }

  dispose(): void {
    this.cancel();
  }

  private async run(purge: PurgeDto): Promise<void> {
    const { recorder } = this.ports;
    const abort = new AbortController();
    this.running = abort;
    this.show({ ...purge, running: true });
    try {
      const what = {
        action: 'retention.purge',
        keyOrPattern: purge.impacts.map(({ dataset }) => dataset).join(', '),
      };
      const result = await recorder.during(what, () => this.work(purge, abort.signal), purgeEnding);
      this.running = undefined;
      this.show({ ...purge, running: false, progress: progressDto(result) });
    } catch (thrown) {
      this.running = undefined;
      this.show({ ...purge, running: false });
      throw thrown;
    }
  }

  private work(purge: PurgeDto, signal: AbortSignal): Promise<PurgeProgress> {
    const { purges, clock } = this.ports;
    let reported = -Infinity;
    const onProgress = (progress: PurgeProgress): void => {
      if (clock.monotonic() - reported < reportEvery) return;
      reported = clock.monotonic();
      this.show({ ...purge, running: true, progress: progressDto(progress) });
    };
    return purges.run(purge.token, onProgress, signal);
  }

  private current(token: string): PurgeDto {
    this.refuseWhileRunning();
    if (this.shown?.token === token) return this.shown;
    throw new EngineError(
      'CONFLICT',
      'stale',
      'This preview was replaced. Nothing was purged: look at the new one',
    );
  }

  private refuseWhileRunning(): void {
    if (this.running)
      throw new EngineError('CONFLICT', 'stale', 'A purge is running: wait for its end, or cancel it');
  }

  private show(purge: PurgeDto | undefined): void {
    this.shown = purge;
    this.ports.onChange(purge);
  }
}

/** How a purge ended, for the history. */
function purgeEnding({ doneRows, remainingRows, freedBytes, stopped }: PurgeProgress): Ending {
  const details = { doneRows, remainingRows, freedBytes };
  return { status: stopped ? 'error' : 'success', details };
}
