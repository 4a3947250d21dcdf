import * as vscode from 'vscode';
import { toEngineError } from '../../engine/kernel/errors';
import type { Log } from '../../engine/kernel/ports';
import { governanceEvents, governanceMethods, type PurgeDto } from '../../protocol/governance';
import { number } from '../messages';
import { warn } from '../prompts';
import { type GovernanceActs, governanceHandlers, purgeState } from './governanceHandlers';
import { GovernanceSession, type GovernancePorts } from './governanceSession';
import type { Panel, Surface } from './panel';
import type { Handlers } from './rpcHost';

const t = vscode.l10n.t;

export const governanceViewType = 'cachify.governance';

type GovernanceSurface = Surface<typeof governanceMethods, typeof governanceEvents>;

/** The governance panel: one a window, with the page Retention. */
export class GovernancePanel {
  private open:
    { readonly session: GovernanceSession; readonly panel: Panel<typeof governanceEvents> } | undefined;
  private reading = false;
  private isStale = false;

  constructor(
    private readonly ports: GovernancePorts & { readonly log: Log },
    private readonly acts: GovernanceActs,
  ) {}

  readonly surface: GovernanceSurface = {
    viewType: governanceViewType,
    bundle: 'governance',
    key: 'governance',
    title: t('Governance'),
    restore: {},
    methods: governanceMethods,
    events: governanceEvents,
    start: (panel) => this.start(panel),
  };

  /** Reads again what is shown, should it be open; what changes while it reads is read once more after it. */
  async refresh(): Promise<void> {
    this.isStale = true;
    if (this.reading) return;
    this.reading = true;
    try {
      while (this.isStale && this.open) {
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

  private start(panel: Panel<typeof governanceEvents>): Handlers<typeof governanceMethods> {
    const session = new GovernanceSession(this.ports, (purge) => {
      if (this.open?.session === session) panel.emit('governance/purge', purgeState(purge));
      else tellStopped(purge);
    });
    this.open = { session, panel };
    panel.own({
      dispose: () => {
        this.open = undefined;
        session.purge.dispose();
      },
    });
    panel.own(this.ports.retention.onChange(() => void this.refresh()));
    return governanceHandlers(session, this.acts, () => void this.refresh());
  }
}

/** The panel was closed while a purge ran, which stops it: nobody sees its result there any more. */
function tellStopped(purge: PurgeDto | undefined): void {
  if (!purge || purge.running || !purge.progress) return;
  const { doneRows, remainingRows } = purge.progress;
  if (remainingRows === 0) return;
  warn(
    t(
      'The purge was stopped with its panel: {0} records are gone, {1} remain. Open Governance to purge them.',
      number(doneRows),
      number(remainingRows),
    ),
  );
}
