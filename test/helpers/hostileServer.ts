import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** A server that says what the test wants, whatever it is asked: for what no honest server does. */
export interface HostileServer {
  readonly port: number;
  /** Connections that were made to it until now. */
  readonly connections: number;
  /** Says something on every connection, unasked. */
  toAll(text: string): void;
  close(): Promise<void>;
}

/** Starts it, over TLS if told; `onData` sees what a client sent, and `number` counts the connections from 1. */
export async function startHostileServer(
  onData: (socket: Socket, asked: string, number: number) => void,
  tls?: TlsOptions,
): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const onConnection = (socket: Socket): void => {
    const number = ++connections;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      onData(socket, chunk.toString('latin1'), number);
    });
  };
  const server = tls ? createTlsServer(tls, onConnection) : createServer(onConnection);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return {
    port: address.port,
    get connections() {
      return connections;
    },
    toAll(text) {
      for (const socket of sockets) socket.write(text);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * Writes `piece` again and again as fast as the client takes it, until it closes or `most` bytes are sent. Gives how many
 * were: to the client, or into what both sockets hold.
 */
export async function flood(socket: Socket, piece: Buffer, most: number): Promise<number> {
  let sent = 0;
  for (; sent < most && !socket.destroyed; sent += piece.length) {
    if (!socket.write(piece)) await drained(socket);
  }
  return sent;
}

/** What an honest Redis server without any command but PING says to what a client asks at first. */
export function honestRedis(asked: string): string {
  const commands = asked.match(/^\*\d+\r\n\$\d+\r\n\w+/gm) ?? [];
  return commands
    .map((command) => (command.endsWith('PING') ? '+PONG\r\n' : '-ERR unknown command\r\n'))
    .join('');
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}
