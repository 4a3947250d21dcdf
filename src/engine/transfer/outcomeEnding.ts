import type { ApplyOutcome } from '../connections/change';
import type { Ending } from '../kernel/recorder';

/** How a write ended, for the history. */
export function outcomeEnding(outcome: ApplyOutcome): Ending {
  if (outcome.status === 'applied') return { status: 'success' };
  if (outcome.status === 'unknown') return { status: 'unknown', error: outcome.cause };
  return { status: 'error', details: { conflict: outcome.conflict.reason } };
}
