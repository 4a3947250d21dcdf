import { once } from 'node:events';
import { type Socket, createServer } from 'node:net';
import { HandshakeLines } from '../../../src/providers/store/handshakeLines';

/** Something that listens where an owner would, and keeps what it is told. */
export interface StrangeOwner {
  /** Everything it was told. */
  readonly heard: () => string;
  readonly connections: () => number;
  close(): Promise<void>;
}

/** Starts it; `onLine` is called with each line of a client. */
export async function strangeOwner(
  address: string,
  onLine: (line: string, socket: Socket, earlier: readonly string[]) => void,
): Promise<StrangeOwner> {
  const sockets = new Set<Socket>();
  const heard: Buffer[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    const lines = new HandshakeLines();
    const earlier: string[] = [];
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      heard.push(chunk);
      lines.push(chunk);
      for (let line = lines.next(); line !== undefined && line !== ''; line = lines.next()) {
        onLine(line, socket, earlier);
        earlier.push(line);
      }
    });
  }).listen(address);
  await once(server, 'listening');
  return {
    heard: () => Buffer.concat(heard).toString('latin1'),
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
