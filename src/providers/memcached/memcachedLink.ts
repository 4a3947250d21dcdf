import type { Socket } from 'node:net';
import type { CallOptions, LinkState } from '../../engine/connections/cacheProvider';
import { endpointLabel } from '../../engine/connections/profile';
import { withDeadline } from '../../engine/kernel/deadline';
import { EngineError, toEngineError } from '../../engine/kernel/errors';
import { Emitter } from '../../engine/kernel/events';
import { abortSocket } from '../net/abortSocket';
import { openSocket, type SocketRequest } from './openSocket';
import type { Parser } from './replies';

/** What a wait for an attempt to connect may take beyond the deadline of the attempt, milliseconds. */
const graceMs = 500;

interface Pending {
  readonly take: (buffer: Buffer) => number | undefined;
  readonly reject: (error: EngineError) => void;
}

/**
 * One socket to one Memcached server, opened on first use; replies come in the order of the commands.
 *
 * States: `idle` (no socket; the next command opens one) -> `opening` -> `open` -> `idle` on close, error, a
 * reply that cannot be read, or a command that got no answer in time (the socket is then reset, so that nothing
 * of it is sent later); any -> `closed` by `close()`. A command is sent at most once.
 */
export class MemcachedLink {
  private socket: Socket | undefined;
  private opening: Promise<Socket> | undefined;
  private closed = false;
  private failures = 0;
  private buffered: Buffer = Buffer.alloc(0);
  private readonly pending: Pending[] = [];
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

  /** Sends bytes and resolves with the parsed reply. */
  async send<T>(command: Buffer | string, parser: Parser<T>, call: CallOptions): Promise<T> {
    const socket = await this.live(call);
    const reply = this.expect(parser);
    socket.write(command);
    return withDeadline(reply, call, `An answer of ${this.where}`, (error) => {
      if (error.reason === 'timeout') this.lose(socket, error);
    });
  }

  close(): Promise<void> {
    this.closed = true;
    const { socket } = this;
    if (socket)
      this.lose(
        socket,
        new EngineError('CONNECTION_FAILED', 'dropped', `${this.where}: the connection was closed`),
      );
    return Promise.resolve();
  }

  private expect<T>(parser: Parser<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const take = (buffer: Buffer): number | undefined => {
        const parsed = parser(buffer);
        if (parsed) resolve(parsed.value);
        return parsed?.used;
      };
      this.pending.push({ take, reject });
    });
  }

  private live(call: CallOptions): Promise<Socket> {
    if (this.closed)
      return Promise.reject(
        new EngineError('CONNECTION_FAILED', 'dropped', `${this.where}: the connection was closed`),
      );
    if (this.socket) return Promise.resolve(this.socket);
    this.opening ??= this.connect(call).finally(() => (this.opening = undefined));
    // the attempt itself knows best why it failed: it gets the time to say so
    return withDeadline(
      this.opening,
      { ...call, timeoutMs: call.timeoutMs + graceMs },
      `Connecting to ${this.where}`,
    );
  }

  private async connect(call: CallOptions): Promise<Socket> {
    try {
      const socket = await openSocket(this.request, { timeoutMs: call.timeoutMs });
      this.adopt(socket);
      return socket;
    } catch (thrown) {
      this.tellLost(toEngineError(thrown));
      throw thrown;
    }
  }

  private adopt(socket: Socket): void {
    const dropped = (): void => {
      this.lose(
        socket,
        new EngineError('CONNECTION_FAILED', 'dropped', `${this.where}: the connection was lost`, {
          retryable: true,
        }),
      );
    };
    socket.on('data', (chunk: Buffer) => {
      this.receive(socket, chunk);
    });
    socket.on('error', dropped);
    socket.on('close', dropped);
    this.socket = socket;
    this.failures = 0;
    this.states.fire({ up: true });
    if (this.closed) dropped();
  }

  private receive(socket: Socket, chunk: Buffer): void {
    this.buffered = this.buffered.length === 0 ? chunk : Buffer.concat([this.buffered, chunk]);
    for (let next = this.pending[0]; next && this.buffered.length > 0; next = this.pending[0]) {
      try {
        const used = next.take(this.buffered);
        if (used === undefined) return;
        this.consume(used);
      } catch (thrown) {
        next.reject(toEngineError(thrown));
        if (!this.consumeErrorLine()) {
          this.lose(socket, toEngineError(thrown));
          return;
        }
      }
    }
  }

  private consume(bytes: number): void {
    this.pending.shift();
    this.buffered = this.buffered.subarray(bytes);
  }

  /** An error reply is one line: after it the conversation is in step again. */
  private consumeErrorLine(): boolean {
    const end = this.buffered.indexOf('\r\n');
    if (end < 0) return false;
    this.consume(end + 2);
    return true;
  }

  private lose(socket: Socket, cause: EngineError): void {
    if (this.socket !== socket) return;
    this.socket = undefined;
    this.buffered = Buffer.alloc(0);
    abortSocket(socket);
    for (const { reject } of this.pending.splice(0)) reject(cause);
    this.tellLost(cause);
  }

  private tellLost(cause: EngineError): void {
    if (this.closed) return;
    this.failures++;
    this.states.fire({ up: false, cause, attempt: this.failures });
  }
}
