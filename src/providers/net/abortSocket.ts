import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/**
 * Ends a socket so that bytes the kernel still holds do not reach the server later: RST instead of FIN where the
 * kind of socket has it, which is plain TCP. Unix sockets deliver at once, and TLS sockets are just closed.
 */
export function abortSocket(socket: Socket): void {
  const isTcp = !(socket instanceof TLSSocket) && socket.remotePort !== undefined;
  if (isTcp) socket.resetAndDestroy();
  else socket.destroy();
}
