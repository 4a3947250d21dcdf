import { EngineError, type ErrorCode, type ErrorDetails, type ErrorReason } from './errors';

/** An EngineError in a form that can be sent between threads and processes. */
export interface SentError {
  readonly code: ErrorCode;
  readonly reason: ErrorReason;
  readonly message: string;
  readonly retryable: boolean;
  readonly details: ErrorDetails;
}

/** Takes an error apart to be sent; its cause stays behind. */
export function sendError(error: EngineError): SentError {
  const { code, reason, message, retryable, details } = error;
  return { code, reason, message, retryable, details };
}

/** Puts an error that was sent together again. */
export function receiveError(sent: SentError): EngineError {
  return new EngineError(sent.code, sent.reason, sent.message, sent);
}
