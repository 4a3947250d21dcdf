import type { Disposable } from '../kernel/lifetime';
import type { Dataset, DatasetUsage } from './dataset';
import type { RetentionPolicy } from './policy';
import type { PurgeImpact } from './purge';

/** Something the person should hear of; each is told once, and again only after it has ended. */
export interface RetentionEvent {
  /**
   * `warned`: it takes 90 % or more of its budget; `purged`: its oldest records went for the budget; `stopped`: it is over
   * budget, nothing of it may go, and no more is collected; `resumed`: it is collected again.
   */
  readonly kind: 'warned' | 'purged' | 'stopped' | 'resumed';
  readonly dataset: Dataset;
  /** What it takes now. */
  readonly bytes: number;
  readonly budgetBytes: number;
  /** Records that went, where that is known. */
  readonly rows?: number;
}

/** What the person sees of retention and decides about it. */
export interface Retention {
  /** What every dataset takes and spans now, in the order of `datasets`. */
  usage(): Promise<readonly DatasetUsage[]>;
  policies(): Promise<Readonly<Record<Dataset, RetentionPolicy>>>;
  /** What would go at the next run if this policy held; nothing is changed. */
  impactOf(dataset: Dataset, policy: RetentionPolicy): Promise<PurgeImpact>;
  /** Resolves when the policy survives a crash; it holds from the next run on. */
  setPolicy(dataset: Dataset, policy: RetentionPolicy): Promise<void>;
  /** Datasets of which no more is collected, as they are over budget and nothing of them may go. */
  stopped(): ReadonlySet<Dataset>;
  /** Usage, a policy or what is stopped has changed, in this window or another. */
  readonly onChange: (listener: () => void) => Disposable;
  readonly onEvent: (listener: (event: RetentionEvent) => void) => Disposable;
}
