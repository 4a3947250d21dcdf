import type { CallOptions } from '../connections/cacheProvider';
import type { Applied, ApplyOutcome, Change } from '../connections/change';
import type { Ending } from '../kernel/recorder';
import type { WriteGate, WriteRequest, WriteSession } from './guard';

/**
 * Applies one change through the gate. When the reply was lost, the server is asked what happened, and only if
 * that does not tell is the outcome `unknown`. Rejects when nothing was written, for a reason other than a conflict.
 */
export function changeKey(gate: WriteGate, request: WriteRequest, change: Change): Promise<ApplyOutcome> {
  return gate.run(request, (session) => applyAndSettle(session, change), endingOf);
}

async function applyAndSettle(
  { connection, provider, permit }: WriteSession,
  change: Change,
): Promise<ApplyOutcome> {
  const outcome = await provider.apply(change, permit, connection.call());
  if (outcome.status !== 'unknown') return outcome;
  const happened = await readBack(() => provider.wasApplied(change, connection.call()));
  if (happened === undefined) return outcome;
  if (happened) return { status: 'applied' };
  throw outcome.cause;
}

/** The answer of the server, or undefined when it cannot be asked either: whatever went wrong, the write stays unknown. */
async function readBack(ask: () => Promise<boolean | undefined>): Promise<boolean | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}

/** How one change ended, for the history: with how many entries it was about, where that is told. */
function endingOf(outcome: ApplyOutcome): Ending {
  if (outcome.status === 'applied') return { status: 'success', ...counted(outcome) };
  if (outcome.status === 'unknown') return { status: 'unknown', error: outcome.cause };
  return { status: 'error', details: { conflict: outcome.conflict.reason } };
}

function counted({ count, dropped }: Applied): Pick<Ending, 'details'> {
  if (count === undefined) return {};
  return { details: { count, ...(dropped !== undefined && { dropped }) } };
}

/** Deadline of one bulk batch: the profile's, but never too short for a batch. */
export function batchCall(call: CallOptions): CallOptions {
  return { ...call, timeoutMs: Math.max(call.timeoutMs, 2000) };
}
