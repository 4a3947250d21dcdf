import { signal } from '@preact/signals';
import type {
  DatasetName,
  GovernanceState,
  ImpactDto,
  PolicyDraft,
  PolicyDto,
  PolicyForm,
} from '../../../src/protocol/governance';
import type { Attempt, GovernanceRpc } from './governanceRpc';
import { formOf, policyOf, problemsOf } from './policyForm';

/** Milliseconds without typing after which the host holds what was typed, for when the tab is hidden. */
const holdAfter = 300;

/** A policy being edited. */
export interface PolicyEdit {
  readonly form: PolicyForm;
  readonly saving: boolean;
  /** What the next run would take; the person is asked before it is saved. */
  readonly impact?: ImpactDto;
}

/** The policies that are being edited, each until it is saved or given up. */
export class PolicyEdits {
  readonly open = signal<ReadonlyMap<DatasetName, PolicyEdit>>(new Map());
  private readonly timers = new Map<DatasetName, ReturnType<typeof setTimeout>>();
  private isFirst = true;
  private kept: readonly PolicyDraft[] = [];

  constructor(
    private readonly rpc: Pick<GovernanceRpc, 'call'>,
    private readonly attempt: Attempt,
    private readonly onSaved: (state: GovernanceState) => void,
  ) {}

  /** The first state brings what was typed before the page was hidden. */
  take({ datasets }: GovernanceState): void {
    if (!this.isFirst) return;
    this.isFirst = false;
    for (const { dataset, draft } of datasets) {
      const form = draft ?? this.kept.find((each) => each.dataset === dataset)?.form;
      if (form) this.set(dataset, form);
      // the window was loaded anew: its host does not hold it yet
      if (form && !draft) this.holdSoon(dataset, form);
    }
  }

  /** Has the first state go on from what was typed before the window was loaded anew. */
  restore(kept: readonly PolicyDraft[]): void {
    this.kept = kept;
  }

  begin(dataset: DatasetName, policy: PolicyDto): void {
    this.set(dataset, formOf(policy));
  }

  /** Takes what was typed; an answer about what was there before is void. */
  edit(dataset: DatasetName, change: Partial<PolicyForm>): void {
    const edit = this.open.value.get(dataset);
    if (!edit || edit.saving) return;
    const form = { ...edit.form, ...change };
    this.put(dataset, { form, saving: false });
    this.holdSoon(dataset, form);
  }

  /** Gives up what was typed. */
  async giveUp(dataset: DatasetName): Promise<void> {
    this.remove(dataset);
    await this.attempt(async () => {
      await this.rpc.call('governance/hold', { dataset });
    });
  }

  /** Saves; a policy that would take records at the next run is asked about first. */
  async save(dataset: DatasetName): Promise<void> {
    const edit = this.open.value.get(dataset);
    if (!edit || edit.saving || problemsOf(edit.form).size > 0) return;
    const policy = policyOf(edit.form);
    const { impact: asked, ...rest } = edit;
    this.put(dataset, { ...edit, saving: true });
    const saved = await this.attempt(async () => {
      const impact = asked ?? (await this.rpc.call('governance/policyImpact', { dataset, policy }));
      if (!asked && impact.rows > 0) {
        this.put(dataset, { ...rest, saving: false, impact });
        return;
      }
      const state = await this.rpc.call('governance/setPolicy', { dataset, policy });
      this.remove(dataset);
      this.onSaved(state);
    });
    if (!saved) this.put(dataset, { ...rest, saving: false });
  }

  /** Goes back from the question to the form. */
  reconsider(dataset: DatasetName): void {
    const edit = this.open.value.get(dataset);
    if (edit) this.set(dataset, edit.form);
  }

  private holdSoon(dataset: DatasetName, draft: PolicyForm): void {
    clearTimeout(this.timers.get(dataset));
    // The person did nothing here: neither a success nor a failure of it may replace what is said of a save.
    const hold = (): void => void this.rpc.call('governance/hold', { dataset, draft }).catch(() => undefined);
    this.timers.set(dataset, setTimeout(hold, holdAfter));
  }

  private set(dataset: DatasetName, form: PolicyForm): void {
    this.put(dataset, { form, saving: false });
  }

  private put(dataset: DatasetName, edit: PolicyEdit): void {
    this.open.value = new Map(this.open.value).set(dataset, edit);
  }

  private remove(dataset: DatasetName): void {
    clearTimeout(this.timers.get(dataset));
    const rest = new Map(this.open.value);
    rest.delete(dataset);
    this.open.value = rest;
  }
}
