import type { Socket } from 'node:net';
import { toError } from '../../engine/kernel/errors';

/**
 * Has all that listen to a socket's data get what `admit` makes of it, whenever they began to listen. When it throws, they
 * get nothing, and the socket ends with that error.
 */
export function guardData(socket: Socket, admit: (chunk: Buffer) => readonly Buffer[]): void {
  const emit: (event: string | symbol, ...args: unknown[]) => boolean = socket.emit.bind(socket);
  const admitted = (chunk: Buffer): readonly Buffer[] => {
    try {
      return admit(chunk);
    } catch (thrown) {
      socket.destroy(toError(thrown));
      return [];
    }
  };
  socket.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    const [chunk] = args;
    if (event !== 'data' || !Buffer.isBuffer(chunk)) return emit(event, ...args);
    for (const piece of admitted(chunk)) emit('data', piece);
    return true;
  };
}
