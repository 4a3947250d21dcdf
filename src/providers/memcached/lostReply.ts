import type { EngineError } from '../../engine/kernel/errors';

/** Whether a failure leaves open what the server did. */
export function isLostReply(error: EngineError): boolean {
  return error.reason === 'timeout' || error.reason === 'dropped' || error.reason === 'cancelled';
}
