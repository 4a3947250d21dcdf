import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { EngineError, toError, type ErrorReason } from '../../engine/kernel/errors';

const tlsCode = /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO|HOSTNAME_MISMATCH)/;

const reasonOfCode: Readonly<Record<string, ErrorReason>> = {
  ECONNREFUSED: 'refused',
  ENOENT: 'refused',
  EACCES: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ECONNRESET: 'dropped',
  EPIPE: 'dropped',
  ETIMEDOUT: 'timeout',
};

/** Makes CONNECTION_FAILED (or TIMEOUT) with a distinct reason of what a socket reported while connecting or later. */
export function socketError(thrown: unknown, where: string, tls: boolean): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const error = toError(firstCause(thrown));
  const code = codeOf(error);
  if (tlsCode.test(code)) return tlsFailure(error, where);
  const reason = reasonOfCode[code];
  if (reason === 'timeout')
    return new EngineError('TIMEOUT', 'timeout', `${where} did not answer`, {
      retryable: true,
      cause: error,
    });
  // a server without TLS closes or answers garbage to a TLS greeting
  if (tls && reason === 'dropped') return tlsFailure(error, where);
  return new EngineError('CONNECTION_FAILED', reason ?? 'dropped', `${where}: ${sentence(reason, error)}`, {
    retryable: reason !== 'dns',
    cause: error,
    details: { systemCode: code },
  });
}

/**
 * A server without TLS may just wait for more after a TLS greeting: a timeout on a TLS socket whose TCP part is
 * connected says so. Any other error stays as it is.
 */
export function silentTls(error: EngineError, socket: Socket | undefined, where: string): EngineError {
  const isSilent =
    error.reason === 'timeout' && socket instanceof TLSSocket && !socket.connecting && !socket.authorized;
  if (!isSilent) return error;
  const message = `${where}: the server did not answer the TLS greeting; it may not speak TLS`;
  return new EngineError('CONNECTION_FAILED', 'tls', message, { cause: error });
}

function tlsFailure(error: Error, where: string): EngineError {
  return new EngineError(
    'CONNECTION_FAILED',
    'tls',
    `${where}: the TLS handshake failed (${error.message})`,
    { cause: error },
  );
}

function sentence(reason: ErrorReason | undefined, error: Error): string {
  if (reason === 'refused') return `nothing accepts connections there (${codeOf(error)})`;
  if (reason === 'dns') return 'the host name cannot be resolved';
  return `the connection was lost (${codeOf(error) || error.message})`;
}

/** Node reports several addresses tried in turn as an `AggregateError`: the first tells enough. */
function firstCause(thrown: unknown): unknown {
  return thrown instanceof AggregateError && thrown.errors.length > 0
    ? (thrown.errors[0] as unknown)
    : thrown;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
