import { type Server, type Socket, createServer } from 'node:net';
import { toError } from '../../engine/kernel/errors';
import type { Log } from '../../engine/kernel/ports';
import { FrameReader, sendFrame } from './frames';
import { challengeTo, parseHello, stranger, welcomeTo, type Welcome } from './handshake';
import { HandshakeLines, sendLine } from './handshakeLines';
import { parseRequests } from './parseRequests';
import type { StoreMessage, StoreRequest } from './storeMessages';
import type { ServedClient } from './servedClient';
import type { StoreServer } from './storeServer';
import type { Timers } from './timers';

/** How long a client may take to prove who it is, milliseconds, however it spreads what it says. */
const helloTimeoutMs = 10_000;

/** Who has the address and is not let in yet, at most; a window takes milliseconds. */
const mostStrangers = 64;

/** Bytes from which on a client counts as one that does not read. */
const muchUnread = 1024 * 1024;

/** Lets clients in at an address and passes on what they ask. Clients that say something unintelligible are cut off. */
export class SocketServer {
  private readonly sockets = new Set<Socket>();
  private readonly strangers = new Set<Socket>();
  private readonly server: Server;
  private address = '';

  constructor(
    private readonly options: {
      readonly requests: Pick<StoreServer, 'join' | 'leave' | 'accept'>;
      readonly owner: { readonly key: string; readonly epoch: number; readonly schema: number };
      /** A client of a later build wants to own the store. */
      readonly onYield: () => void;
      readonly timers: Timers;
      readonly log: Log;
    },
  ) {
    this.server = createServer((socket) => this.admit(socket));
  }

  /** Resolves when clients can connect. */
  listen(address: string): Promise<void> {
    this.address = address;
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
    socket.on('error', (error) =>
      this.options.log.debug('A client of the store is gone', { error: error.message }),
    );
    socket.on('close', () => this.sockets.delete(socket));
    this.meet(socket);
    // the one that has been here longest: a window needs milliseconds, so it is not kept out by others that only stay
    const [oldest] = this.strangers;
    if (this.strangers.size > mostStrangers) oldest?.destroy();
  }

  /** Lets a client in once it has proved who it is, and hangs up on anybody else. */
  private meet(socket: Socket): void {
    const lines = new HandshakeLines();
    const answerOf = this.introduce(socket);
    const deadline = this.options.timers.after(helloTimeoutMs, () => socket.destroy());
    const leave = (): void => {
      deadline.dispose();
      this.strangers.delete(socket);
      socket.off('data', onData);
    };
    const onData = (chunk: Buffer): void => {
      lines.push(chunk);
      for (let line = lines.next(); line !== undefined; line = lines.next()) {
        const answer = answerOf(line);
        if (!answer) continue;
        // who is not let in stays a stranger with a deadline until the socket is closed
        if (answer.kind === 'welcome') leave();
        else socket.off('data', onData);
        return this.greet(socket, answer, lines.rest);
      }
    };
    this.strangers.add(socket);
    socket.on('close', leave);
    socket.on('data', onData);
  }

  /** Takes the lines of a client; undefined while it has to say more. */
  private introduce(socket: Socket): (line: string) => Welcome | undefined {
    const owner = { ...this.options.owner, address: this.address };
    let welcome: ((line: string) => Welcome) | undefined;
    return (line) => {
      if (welcome) return welcome(line);
      const said = parseHello(line);
      if (!said) return stranger();
      const asked = challengeTo(said, owner);
      welcome = (response) => welcomeTo(response, said, asked, owner);
      sendLine(socket, asked);
      return undefined;
    };
  }

  private greet(socket: Socket, answer: Welcome, rest: Buffer): void {
    sendLine(socket, answer);
    if (answer.kind === 'welcome') return this.serve(socket, rest);
    // with `end` alone it would stay open for as long as the other end likes
    socket.destroySoon();
    if (answer.kind === 'yielding') this.options.onYield();
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
