/** The seven codes every failure of the product is filed under. */
export type ErrorCode =
  | 'VALIDATION_ERROR'
  | 'UNAUTHORIZED'
  | 'TIMEOUT'
  | 'CONNECTION_FAILED'
  | 'NOT_SUPPORTED'
  | 'CONFLICT'
  | 'INTERNAL_ERROR';

/** What exactly went wrong, for the text shown to a person and for tests; finer than `ErrorCode`. */
export type ErrorReason =
  | 'refused'
  | 'dns'
  | 'tls'
  | 'dropped'
  | 'garbled'
  | 'too-large'
  | 'timeout'
  | 'cancelled'
  | 'wrong-password'
  | 'password-needed'
  | 'no-password'
  | 'no-permission'
  | 'wrong-type'
  | 'gone'
  | 'exists'
  | 'changed'
  | 'expired'
  | 'server-busy'
  | 'server-full'
  | 'server-error'
  | 'read-only'
  | 'read-only-forced'
  | 'untrusted'
  | 'unconfirmed'
  | 'unsigned'
  | 'stale'
  | 'secrets-unavailable'
  | 'store-owned-elsewhere'
  | 'store-newer'
  | 'store-other-version'
  | 'store-full'
  | 'store-failed'
  | 'store-refused'
  | 'store-stopped'
  | 'store-impostor'
  | 'lease-lost'
  | 'payload-key-missing'
  | 'payload-damaged'
  | 'invalid'
  | 'unsupported'
  | 'bug';

/** Further facts about a failure. Never holds a secret or a cached value. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | undefined>>;

export interface EngineErrorOptions {
  readonly retryable?: boolean;
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/** The one error class that crosses module borders; text for people is made from it at the rim. */
export class EngineError extends Error {
  readonly retryable: boolean;
  readonly details: ErrorDetails;

  constructor(
    readonly code: ErrorCode,
    readonly reason: ErrorReason,
    message: string,
    options: EngineErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'EngineError';
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
  }
}

/** Makes an `Error` of whatever was thrown. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Makes an `EngineError` of whatever was thrown; what is not known yet becomes INTERNAL_ERROR. */
export function toEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const error = toError(thrown);
  return new EngineError('INTERNAL_ERROR', 'bug', error.message, { cause: error });
}

/** A bad input: VALIDATION_ERROR with a sentence that says which part and why. */
export function invalid(message: string, details?: ErrorDetails): EngineError {
  return new EngineError('VALIDATION_ERROR', 'invalid', message, details ? { details } : {});
}

/** The person cancelled: nothing is wrong and nothing should be shown. */
export function cancelled(what: string): EngineError {
  return new EngineError('TIMEOUT', 'cancelled', `${what} was cancelled`);
}

/** Whether a server only refused what was asked, by rights or because it has no such command: everything else may go on. */
export function isRefused({ code, reason }: EngineError): boolean {
  return code === 'NOT_SUPPORTED' || (code === 'UNAUTHORIZED' && reason === 'no-permission');
}

const lostReplies: readonly ErrorReason[] = ['timeout', 'dropped', 'cancelled', 'garbled', 'too-large'];

/** Whether a failed write leaves open what the server did: it was sent, and no reply came that can be read. */
export function isLostReply({ reason }: EngineError): boolean {
  return lostReplies.includes(reason);
}
