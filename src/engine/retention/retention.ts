import type { Disposable } from '../kernel/lifetime';
import type { Dataset, DatasetUsage } from './dataset';
import type { RetentionPolicy } from './policy';
import type { PurgeImpact } from './purge';

/** Something the person should hear of; each is told once, and again only after it has ended. */
export type RetentionEvent =
  /** It takes 90 % or more of its budget. */
  | {
      readonly kind: 'nearlyFull';
      readonly dataset: Dataset;
      readonly usedBytes: number;
      readonly budgetBytes: number;
    }
  /** It is over budget and nothing of it may go: no more of it is collected. */
  | { readonly kind: 'stopped'; readonly dataset: Dataset; readonly heldRows: number }
  /** There is room again, and it is collected. */
  | { readonly kind: 'resumed'; readonly dataset: Dataset }
  /** Records went by age or budget. */
  | { readonly kind: 'purged'; readonly dataset: Dataset; readonly rows: number; readonly bytes: number };

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
