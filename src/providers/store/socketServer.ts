import { type Server, type Socket, createServer } from 'node:net';
import { toError } from '../../engine/kernel/errors';
import type { Log } from '../../engine/kernel/ports';
import { FrameReader, sendFrame } from './frames';
import { answerTo, longestLine, type Welcome } from './handshake';
import { parseRequests } from './parseRequests';
import type { StoreMessage, StoreRequest } from './storeMessages';
import type { ServedClient } from './servedClient';
import type { StoreServer } from './storeServer';

/** How long a client may take to introduce itself, milliseconds. */
const helloTimeoutMs = 10_000;

/** Bytes from which on a client counts as one that does not read. */
const muchUnread = 1024 * 1024;

const newline = 0x0a;

/** Lets clients in at an address and passes on what they ask. Clients that say something unintelligible are cut off. */
export class SocketServer {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(
    private readonly options: {
      readonly requests: Pick<StoreServer, 'join' | 'leave' | 'accept'>;
      readonly owner: { readonly token: string; readonly epoch: number; readonly schema: number };
      /** A client of a later build wants to own the store. */
      readonly onYield: () => void;
      readonly log: Log;
    },
  ) {
    this.server = createServer((socket) => this.admit(socket));
  }

  /** Resolves when clients can connect. */
  listen(address: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(address, resolve);
    });
  }

  /** Hangs up on everybody; what was sent to them before still arrives. */
  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroySoon();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private admit(socket: Socket): void {
    this.sockets.add(socket);
    socket.setTimeout(helloTimeoutMs, () => socket.destroy());
    socket.on('error', (error) =>
      this.options.log.debug('A client of the store is gone', { error: error.message }),
    );
    socket.on('close', () => this.sockets.delete(socket));
    let line = Buffer.alloc(0);
    const onHello = (chunk: Buffer): void => {
      line = Buffer.concat([line, chunk]);
      const end = line.indexOf(newline);
      if (end < 0 && line.length <= longestLine) return;
      socket.off('data', onHello);
      this.greet(socket, line.toString('utf8', 0, Math.max(end, 0)), line.subarray(end + 1));
    };
    socket.on('data', onHello);
  }

  private greet(socket: Socket, line: string, rest: Buffer): void {
    const answer: Welcome = answerTo(line, this.options.owner);
    socket.write(`${JSON.stringify(answer)}\n`);
    if (answer.kind !== 'welcome') {
      socket.end();
      if (answer.kind === 'yielding') this.options.onYield();
      return;
    }
    socket.setTimeout(0);
    this.serve(socket, rest);
  }

  private serve(socket: Socket, rest: Buffer): void {
    const { requests } = this.options;
    const client: ServedClient = {
      post: (message: StoreMessage) => sendTo(socket, message),
      get isBehind() {
        return socket.writableLength > muchUnread;
      },
    };
    const reader = new FrameReader();
    const onData = (chunk: Buffer): void => {
      for (const asked of this.understood(socket, reader, chunk)) requests.accept(client, asked);
    };
    requests.join(client);
    socket.on('close', () => requests.leave(client));
    socket.on('data', onData);
    if (rest.length > 0) onData(rest);
  }

  private understood(socket: Socket, reader: FrameReader, chunk: Buffer): (readonly StoreRequest[])[] {
    try {
      return reader.push(chunk).map(parseRequests);
    } catch (thrown) {
      this.options.log.warn('A client of the store was not understood', { error: toError(thrown).message });
      socket.destroy();
      return [];
    }
  }
}

function sendTo(socket: Socket, message: StoreMessage): void {
  if (socket.writable) sendFrame(socket, message);
}
