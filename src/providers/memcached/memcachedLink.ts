import type { Socket } from 'node:net';
import type { CallOptions, LinkState } from '../../engine/connections/cacheProvider';
import { endpointLabel } from '../../engine/connections/profile';
import { withDeadline } from '../../engine/kernel/deadline';
import { EngineError, toEngineError } from '../../engine/kernel/errors';
import { Emitter } from '../../engine/kernel/events';
import { abortSocket } from '../net/abortSocket';
import { openSocket, type SocketRequest } from './openSocket';
import { largestItemEver, type Parser, ReplyReader } from './replyReader';

/** What a wait for an attempt to connect may take beyond the deadline of the attempt, milliseconds. */
const graceMs = 500;

/** An open socket, and what reads its replies. */
interface Wire {
  readonly socket: Socket;
  readonly replies: ReplyReader;
}

/**
 * One socket to one Memcached server, opened on first use; replies come in the order of the commands.
 *
 * States: `idle` (no socket; the next command opens one) -> `opening` -> `open` -> `idle` on close, error, a
 * reply that cannot be read, or a command that got no answer in time (the socket is then reset, so that nothing
 * of it is sent later); any -> `closed` by `close()`. A command is sent at most once.
 */
export class MemcachedLink {
  private wire: Wire | undefined;
  private opening: Promise<Wire> | undefined;
  private closed = false;
  private failures = 0;
  private itemSize = largestItemEver;
  private readonly states = new Emitter<LinkState>();

  /** Fires when the socket is lost and when it is back. */
  readonly onState = this.states.event;

  constructor(readonly request: SocketRequest) {}

  get where(): string {
    return endpointLabel(this.request.endpoint);
  }

  /** Opens the socket if need be. */
  async open(call: CallOptions): Promise<void> {
    await this.live(call);
  }

  /** What the server says its largest item may have, bytes; until the socket is lost, no value may have more. */
  limitItems(bytes: number): void {
    this.itemSize = Math.min(bytes, largestItemEver);
  }

  /** Sends bytes and resolves with the parsed reply. */
  async send<T>(command: Buffer | string, parser: Parser<T>, call: CallOptions): Promise<T> {
    const { socket, replies } = await this.live(call);
    const reply = replies.expect(parser);
    socket.write(command);
    return withDeadline(reply, call, `An answer of ${this.where}`, (error) => {
      if (error.reason === 'timeout') this.lose(socket, error);
    });
  }

  close(): Promise<void> {
    this.closed = true;
    const { wire } = this;
    if (wire)
      this.lose(
        wire.socket,
        new EngineError('CONNECTION_FAILED', 'dropped', `${this.where}: the connection was closed`),
      );
    return Promise.resolve();
  }

  private live(call: CallOptions): Promise<Wire> {
    if (this.closed)
      return Promise.reject(
        new EngineError('CONNECTION_FAILED', 'dropped', `${this.where}: the connection was closed`),
      );
    if (this.wire) return Promise.resolve(this.wire);
    this.opening ??= this.connect(call).finally(() => (this.opening = undefined));
    // the attempt itself knows best why it failed: it gets the time to say so
    return withDeadline(
      this.opening,
      { ...call, timeoutMs: call.timeoutMs + graceMs },
      `Connecting to ${this.where}`,
    );
  }

  private async connect(call: CallOptions): Promise<Wire> {
    try {
      return this.adopt(await openSocket(this.request, { timeoutMs: call.timeoutMs }));
    } catch (thrown) {
      this.tellLost(toEngineError(thrown));
      throw thrown;
    }
  }

  private adopt(socket: Socket): Wire {
    const wire = { socket, replies: new ReplyReader(() => this.itemSize) };
    const dropped = (): void => {
      this.lose(
        socket,
        new EngineError('CONNECTION_FAILED', 'dropped', `${this.where}: the connection was lost`, {
          retryable: true,
        }),
      );
    };
    socket.on('data', (chunk: Buffer) => {
      this.receive(wire, chunk);
    });
    socket.on('error', dropped);
    socket.on('close', dropped);
    this.wire = wire;
    this.failures = 0;
    this.states.fire({ up: true });
    if (this.closed) dropped();
    return wire;
  }

  private receive(wire: Wire, chunk: Buffer): void {
    if (this.wire !== wire) return;
    try {
      wire.replies.take(chunk);
    } catch (thrown) {
      this.lose(wire.socket, toEngineError(thrown));
    }
  }

  private lose(socket: Socket, cause: EngineError): void {
    const { wire } = this;
    if (wire?.socket !== socket) return;
    this.wire = undefined;
    this.itemSize = largestItemEver;
    abortSocket(socket);
    wire.replies.rejectAll(cause);
    this.tellLost(cause);
  }

  private tellLost(cause: EngineError): void {
    if (this.closed) return;
    this.failures++;
    this.states.fire({ up: false, cause, attempt: this.failures });
  }
}
