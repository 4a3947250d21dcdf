import { EngineError } from '../kernel/errors';

const issued = new WeakSet();

/** Proof that the write gate has agreed to one act on one connection. Cannot be made anywhere else. */
export interface WritePermit {
  readonly connectionId: string;
  readonly requestId: string;
}

/** For the write gate only: issues a permit that `revokePermit` ends. */
export function issuePermit(connectionId: string, requestId: string): WritePermit {
  const permit: WritePermit = Object.freeze({ connectionId, requestId });
  issued.add(permit);
  return permit;
}

/** For the write gate only: the act is over and the permit is worth nothing from here. */
export function revokePermit(permit: WritePermit): void {
  issued.delete(permit);
}

/** Called by every provider before it writes; throws UNAUTHORIZED when the permit is forged, over, or for another connection. */
export function requirePermit(permit: WritePermit, connectionId: string): void {
  if (issued.has(permit) && permit.connectionId === connectionId) return;
  throw new EngineError(
    'UNAUTHORIZED',
    'no-permission',
    'A write reached the server port without a permit of the write gate',
  );
}
