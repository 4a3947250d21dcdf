import { signal } from '@preact/signals';
import type { GovernanceState } from '../../../src/protocol/governance';
import { type Failure, isCancelled, toFailure } from '../../app/failure';
import { createResource, type Resource } from '../../app/resource';
import type { Attempt, GovernanceRpc } from './governanceRpc';
import { PolicyEdits } from './policyEdits';
import { PurgeFlow } from './purgeFlow';

/** What the page shows of the host, and the acts on it. */
export class GovernanceModel {
  readonly reading: Resource<GovernanceState>;
  readonly failure = signal<Failure | undefined>(undefined);
  readonly policies: PolicyEdits;
  readonly purge: PurgeFlow;

  constructor(private readonly rpc: GovernanceRpc) {
    this.reading = createResource((abort) => rpc.call('governance/load', {}, { signal: abort }));
    const attempt: Attempt = (act) => this.attempt(act);
    this.policies = new PolicyEdits(rpc, attempt, (state) => this.take(state));
    this.purge = new PurgeFlow(rpc, attempt);
    rpc.on('governance/changed', (state) => this.take(state));
    rpc.on('governance/purge', ({ purge }) => this.purge.take(purge));
  }

  /** Reads everything. */
  async load(): Promise<void> {
    await this.reading.load();
    const state = this.reading.data.value;
    if (state) this.take(state);
  }

  unpin(id: string): Promise<boolean> {
    return this.attempt(async () => this.take(await this.rpc.call('governance/unpin', { id })));
  }

  backUp(): Promise<boolean> {
    return this.attempt(async () => {
      await this.rpc.call('governance/backUp', {});
    });
  }

  showStorage(): Promise<boolean> {
    return this.attempt(async () => {
      await this.rpc.call('governance/showStorage', {});
    });
  }

  private take(state: GovernanceState): void {
    this.reading.put(state);
    this.policies.take(state);
    this.purge.take(state.purge);
  }

  private async attempt(act: () => Promise<void>): Promise<boolean> {
    this.failure.value = undefined;
    try {
      await act();
      return true;
    } catch (thrown) {
      if (!isCancelled(thrown)) this.failure.value = toFailure(thrown);
      return false;
    }
  }
}
