import type { Log } from '../engine/kernel/ports';
import { toEngineError } from '../engine/kernel/errors';
import type { RpcError } from '../protocol/rpc';
import { errorText } from './messages';

/** Makes the failure a webview shows of whatever was thrown, and logs it without any value. */
export function rpcErrors(log: Log) {
  return (
    thrown: unknown,
    request: { readonly method: string; readonly correlationId: string },
  ): RpcError => {
    const error = toEngineError(thrown);
    const { code, reason, retryable, details } = error;
    if (reason !== 'cancelled') {
      log.warn(`${request.method} failed`, {
        code,
        reason,
        correlationId: request.correlationId,
        message: error.message,
      });
    }
    const { field } = details;
    const at = typeof field === 'string' && field !== '' ? { field } : {};
    return { code, message: errorText(error), retryable, correlationId: request.correlationId, ...at };
  };
}
