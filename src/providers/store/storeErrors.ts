import { EngineError, toError } from '../../engine/kernel/errors';
import { errorNumber } from './storeFiles';

const mebibyte = 1024 * 1024;

const fullDisk = new Set(['ENOSPC', 'EDQUOT']);

/** Failures of a folder or file that may not be written, by right or by the way it is mounted. */
const notWritable = new Set(['EACCES', 'EPERM', 'EROFS']);

/** Whether a failure says that the disk has no room. */
export function isFullDisk(thrown: unknown): boolean {
  const number = errorNumber(thrown);
  return number !== undefined && fullDisk.has(number);
}

/** Whether a failure says that a file or its folder may not be written. */
function isNotWritable(thrown: unknown): boolean {
  const number = errorNumber(thrown);
  return number !== undefined && notWritable.has(number);
}

/** Whether what keeps a store read-only can pass by itself: an error of the system, such as a full disk. */
export function mayPass({ details }: EngineError): boolean {
  return typeof details['errno'] === 'string';
}

/** What became of a write that failed. */
export type FailedOutcome = 'not applied' | 'unknown';

/** An EngineError of a failed file operation; a full disk is told apart because it passes. */
export function fileFailure(
  what: string,
  thrown: unknown,
  outcome: FailedOutcome = 'not applied',
): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const number = errorNumber(thrown);
  const options = { retryable: true, details: { outcome, errno: number }, cause: thrown };
  if (isNotWritable(thrown)) {
    const why = `the folder of the store, or a file in it, may not be written (${number})`;
    return new EngineError('INTERNAL_ERROR', 'store-failed', `${what} failed because ${why}`, options);
  }
  if (isFullDisk(thrown)) {
    return new EngineError(
      'INTERNAL_ERROR',
      'store-full',
      `${what} failed because the disk is full`,
      options,
    );
  }
  return new EngineError(
    'INTERNAL_ERROR',
    'store-failed',
    `${what} failed: ${number ?? toError(thrown).message}`,
    options,
  );
}

/** A statement the database does not accept; SQLite's text names columns, never values. */
export function refusedByDatabase(thrown: unknown): EngineError {
  const { message } = toError(thrown);
  const options = { details: { outcome: 'not applied' }, cause: thrown };
  return new EngineError('CONFLICT', 'store-refused', `The store refused the change: ${message}`, options);
}

/** Another window owns the store, so this one cannot write for now. */
export function ownedElsewhere(outcome: FailedOutcome, cause?: unknown): EngineError {
  const text =
    outcome === 'not applied'
      ? 'Another window owns the store: nothing was saved here'
      : 'Another window took the store over during the write: whether it was saved is unknown';
  return new EngineError('CONFLICT', 'store-owned-elsewhere', text, {
    retryable: true,
    details: { outcome },
    cause,
  });
}

/** The window that owns the store runs a later build, whose messages this one does not speak. */
export function otherVersion(): EngineError {
  return new EngineError(
    'NOT_SUPPORTED',
    'store-other-version',
    'Another window runs a later version of Cachify Studio and owns the store: here it is opened read-only. Reload this window',
    { details: { outcome: 'not applied' } },
  );
}

/** Somebody who does not have the store's key asked to be let in. */
export function unknownClient(): EngineError {
  return new EngineError('UNAUTHORIZED', 'no-permission', 'The store does not know this client');
}

/** The files were written by a later version of the product. */
export function newerStore(found: number, known: number): EngineError {
  return new EngineError(
    'NOT_SUPPORTED',
    'store-newer',
    `The store has version ${found} and this version of Cachify Studio knows up to ${known}: it is opened read-only`,
    { details: { found, known, outcome: 'not applied' } },
  );
}

/** A window asked what the owner of the store does not know by that name. */
export function unknownRead(): EngineError {
  return new EngineError('NOT_SUPPORTED', 'unsupported', 'The store does not know what it was asked');
}

/** A question whose answer is more than travels between windows at once. */
export function answerTooLarge(mostBytes: number): EngineError {
  const text = `The store was asked for more than ${mostBytes / mebibyte} MiB at once: ask for less`;
  return new EngineError('NOT_SUPPORTED', 'unsupported', text);
}

/** A change, or a question, that is more than travels between windows at once. */
export function requestTooLarge(mostBytes: number): EngineError {
  const text = `The store takes at most ${mostBytes / mebibyte} MiB at once and this is more: nothing was saved`;
  return new EngineError('VALIDATION_ERROR', 'invalid', text, { details: { outcome: 'not applied' } });
}

/** Another program has the address at which the owner of the store is to be reached. */
export function storeImpostor(outcome: FailedOutcome): EngineError {
  const text =
    'Another program answers in place of the store and cannot prove to be it: it was told nothing, and nothing it says is used';
  return new EngineError('UNAUTHORIZED', 'store-impostor', text, { retryable: true, details: { outcome } });
}

/** A store that is not there any more, or not for now. */
export function storeStopped(message: string, outcome: FailedOutcome, cause?: unknown): EngineError {
  return new EngineError('INTERNAL_ERROR', 'store-stopped', message, {
    retryable: true,
    details: { outcome },
    cause,
  });
}
