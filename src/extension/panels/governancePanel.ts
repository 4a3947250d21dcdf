import { toEngineError } from '../../engine/kernel/errors';
import type { Disposable } from '../../engine/kernel/lifetime';
import type { Log, Timers } from '../../engine/kernel/ports';
import { governanceEvents, governanceMethods, type PurgeDto } from '../../protocol/governance';
import { type GovernanceActs, governanceHandlers, purgeState } from './governanceHandlers';
import { GovernanceSession, type GovernancePorts } from './governanceSession';
import { governanceViewType } from './governanceViewType';
import type { Panel, Surface } from './panel';
import type { Handlers } from './rpcHost';

type GovernanceSurface = Surface<typeof governanceMethods, typeof governanceEvents>;

/** Milliseconds between two readings for what is written: measuring walks the whole database. */
const refreshEvery = 5000;

/** What the panel is told by its window, beside what its session works with. */
export interface GovernancePanelPorts extends GovernancePorts {
  readonly log: Log;
  readonly timers: Timers;
  readonly title: string;
  /** A purge was stopped by closing the panel, where its result is seen no more. */
  readonly onStopped: (doneRows: number, remainingRows: number) => void;
}

/** The governance panel: one a window, with the page Retention. */
export class GovernancePanel {
  private open:
    { readonly session: GovernanceSession; readonly panel: Panel<typeof governanceEvents> } | undefined;
  private reading = false;
  private isStale = false;
  /** Runs after a reading; what changes meanwhile is read when it ends. */
  private timer: Disposable | undefined;
  private hasChanged = false;

  constructor(
    private readonly ports: GovernancePanelPorts,
    private readonly acts: GovernanceActs,
  ) {}

  get surface(): GovernanceSurface {
    return {
      viewType: governanceViewType,
      bundle: 'governance',
      key: 'governance',
      title: this.ports.title,
      restore: {},
      methods: governanceMethods,
      events: governanceEvents,
      start: (panel) => this.start(panel),
    };
  }

  /** Reads again what is shown, should it be open; what changes while it reads is read once more after it. */
  async refresh(): Promise<void> {
    this.isStale = true;
    if (this.reading) return;
    this.reading = true;
    try {
      while (this.isStale && this.open?.panel.isVisible()) {
        this.isStale = false;
        const { session, panel } = this.open;
        panel.emit('governance/changed', await session.load());
      }
    } catch (thrown) {
      const { code, reason } = toEngineError(thrown);
      this.ports.log.warn('The governance panel could not be refreshed', { code, reason });
    } finally {
      this.reading = false;
    }
  }

  /** The first change is shown at once, so that a pin or a policy of another window is; those of a few seconds after it, together. */
  private onChange(): void {
    this.hasChanged = true;
    if (this.timer) return;
    this.hasChanged = false;
    void this.refresh();
    this.timer = this.ports.timers.after(refreshEvery, () => {
      this.timer = undefined;
      if (this.hasChanged) this.onChange();
    });
  }

  private start(panel: Panel<typeof governanceEvents>): Handlers<typeof governanceMethods> {
    const session = new GovernanceSession(this.ports, (purge) => {
      if (this.open?.session === session) panel.emit('governance/purge', purgeState(purge));
      else this.tellStopped(purge);
    });
    this.open = { session, panel };
    panel.own({
      dispose: () => {
        this.open = undefined;
        this.timer?.dispose();
        this.timer = undefined;
        session.purge.dispose();
      },
    });
    panel.own(this.ports.retention.onChange(() => this.onChange()));
    return governanceHandlers(session, this.acts, () => void this.refresh());
  }

  private tellStopped(purge: PurgeDto | undefined): void {
    const progress = purge?.running === false ? purge.progress : undefined;
    if (progress?.stopped) this.ports.onStopped(progress.doneRows, progress.remainingRows);
  }
}
