import { computed, signal } from '@preact/signals';
import type { DatasetName, PurgeDto } from '../../../src/protocol/governance';
import { isTypedCount } from '../../../src/protocol/typedCount';
import type { Attempt, GovernanceRpc } from './governanceRpc';
import { beforeOf, type PurgeChoice, choiceProblem } from './purgeChoice';

/** The purge from its choice to its result; the host holds it from the preview on. */
export class PurgeFlow {
  /** What is chosen; undefined while the part is closed. */
  readonly choice = signal<PurgeChoice | undefined>(undefined);
  readonly shown = signal<PurgeDto | undefined>(undefined);
  readonly typed = signal('');
  /** A preview is being worked out, or a request is on its way. */
  readonly busy = signal(false);
  readonly showProblem = signal(false);
  /** Counts the times it was asked for, so that each brings it into view. */
  readonly calls = signal(0);

  readonly isOpen = computed(() => this.choice.value !== undefined || this.shown.value !== undefined);
  /** Records that the preview names. */
  readonly rows = computed(() => rowsOf(this.shown.value));
  readonly isConfirmed = computed(
    () => this.rows.value > 0 && isTypedCount(this.typed.value, this.rows.value),
  );

  constructor(
    private readonly rpc: GovernanceRpc,
    private readonly attempt: Attempt,
  ) {}

  /** Takes what the host holds. */
  take(purge: PurgeDto | undefined): void {
    if (purge?.token !== this.shown.value?.token) this.typed.value = '';
    this.shown.value = purge;
  }

  /** Opens the choice, with these datasets; one that runs is brought into view. */
  begin(datasets: readonly DatasetName[]): void {
    this.reveal();
    if (this.shown.value?.running) return;
    this.showProblem.value = false;
    this.choice.value = { datasets: new Set(datasets), by: 'age', days: '30', moment: '' };
    if (this.shown.value) void this.forget();
  }

  /** Brings what is open into view. */
  reveal(): void {
    this.calls.value++;
  }

  choose(change: Partial<PurgeChoice>): void {
    if (this.choice.value) this.choice.value = { ...this.choice.value, ...change };
  }

  /** Asks what would go. */
  async preview(): Promise<void> {
    const choice = this.choice.value;
    if (!choice || this.busy.value) return;
    this.showProblem.value = true;
    if (choiceProblem(choice)) return;
    const request = { datasets: [...choice.datasets], before: beforeOf(choice, Date.now()) };
    await this.during(async () => this.take((await this.rpc.call('governance/preview', request)).purge));
  }

  /** Purges what the preview named. */
  async purge(): Promise<void> {
    const purge = this.shown.value;
    if (!purge || !this.isConfirmed.value) return;
    const params = { token: purge.token, typed: this.typed.value };
    await this.during(async () => this.take((await this.rpc.call('governance/purge', params)).purge));
  }

  /** Goes on with what a stopped purge left. */
  async retry(): Promise<void> {
    const purge = this.shown.value;
    if (!purge) return;
    const params = { token: purge.token };
    await this.during(async () => this.take((await this.rpc.call('governance/retryPurge', params)).purge));
  }

  async cancel(): Promise<void> {
    await this.attempt(async () => {
      await this.rpc.call('governance/cancelPurge', {});
    });
  }

  /** From the preview back to what was chosen. */
  async back(): Promise<void> {
    this.choice.value ??= { datasets: new Set(), by: 'age', days: '30', moment: '' };
    await this.forget();
  }

  /** Closes the part. */
  async close(): Promise<void> {
    this.choice.value = undefined;
    if (this.shown.value) await this.forget();
  }

  private async forget(): Promise<void> {
    await this.during(async () => {
      await this.rpc.call('governance/closePurge', {});
      this.take(undefined);
    });
  }

  private async during(act: () => Promise<void>): Promise<void> {
    if (this.busy.value) return;
    this.busy.value = true;
    await this.attempt(act);
    this.busy.value = false;
  }
}

function rowsOf(purge: PurgeDto | undefined): number {
  return purge?.impacts.reduce((sum, { rows }) => sum + rows, 0) ?? 0;
}
