import type { Applied, ApplyOutcome, Conflict } from '../../engine/connections/change';
import { EngineError } from '../../engine/kernel/errors';
import type { Reply } from './redisLink';
import { asList, asNumber, asOptionalBuffer, asText } from './replies';

const reasons = ['changed', 'gone', 'exists', 'wrong-type'] as const satisfies readonly Conflict['reason'][];

/** The answer of a script that edits elements: `{'ok', expiry?}` or `{reason, edit?, current?}`. */
export function elementsOutcome(reply: Reply): ApplyOutcome {
  const [status, second, current] = asList(reply);
  const word = asText(status);
  if (word === 'ok') return { status: 'applied', ...emptied(second) };
  const edit = second === undefined || asNumber(second) < 0 ? undefined : asNumber(second);
  return conflictOf(reasonOf(word), asOptionalBuffer(current), edit);
}

/** A conflict as the outcome of a change. */
export function conflictOf(reason: Conflict['reason'], current?: Buffer, edit?: number): ApplyOutcome {
  return {
    status: 'conflict',
    conflict: { reason, ...(current && { current }), ...(edit !== undefined && { edit }) },
  };
}

/** The word of a script as the reason of a conflict; another word is a bug in us or in the server. */
export function reasonOf(word: string): Conflict['reason'] {
  const reason = reasons.find((known) => known === word);
  if (reason) return reason;
  throw new EngineError(
    'INTERNAL_ERROR',
    'server-error',
    'A script answered with a word that it does not have',
  );
}

function emptied(expiry: Reply | undefined): Pick<Applied, 'emptied'> {
  if (expiry === undefined) return {};
  const expireAtMs = asNumber(expiry);
  return { emptied: expireAtMs > 0 ? { expireAtMs } : {} };
}
