import type { RpcError } from '../../src/protocol/rpc';

/** A failure as a panel shows it; the text is made by the host. */
export type Failure = RpcError;

/** A request the host answered with a failure, or that never reached an answer. */
export class RpcFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = 'RpcFailure';
  }
}

/** Whether the person, or a newer request, gave it up: nothing to show. */
export function isCancelled(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'AbortError';
}

/** The failure in whatever was thrown. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof RpcFailure) return thrown.failure;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'INTERNAL_ERROR', message, retryable: false, correlationId: '' };
}
