import type { Socket } from 'node:net';
import { AbstractConnector, type Command, Redis, type RedisOptions } from 'ioredis';
import { type EngineError, toEngineError } from '../../engine/kernel/errors';
import { guardData } from '../net/guardData';
import { ReplyGuard } from './replyGuard';

/** What a socket may take to close before it is destroyed, milliseconds. */
const disconnectMs = 2000;

/** A client of ioredis whose decoder sees only what a `ReplyGuard` admits, from the first byte of its socket on. */
export class GuardedRedis extends Redis {
  private readonly guard: ReplyGuard;
  private readonly wire: GuardedWire;

  /** `dial` begins to connect a socket, over TLS if the options say so. */
  constructor(options: Omit<RedisOptions, 'replyMapping'>, dial: () => Socket) {
    const guard = new ReplyGuard();
    const wire = new GuardedWire(dial, guard);
    super({ ...options, Connector: wire.connectorClass() });
    this.guard = guard;
    this.wire = wire;
  }

  /** Why the server was left, if it sent what it may not. */
  get violation(): EngineError | undefined {
    return this.wire.violation;
  }

  /** Has the replies to all commands that `send` sends keep to one allowance. */
  together<T>(send: () => T): T {
    return this.guard.together(send);
  }

  override sendCommand(command: Command, stream?: Parameters<Redis['sendCommand']>[1]): unknown {
    this.guard.expect();
    return super.sendCommand(command, stream);
  }
}

/** The one socket of a client, and what became of it. */
class GuardedWire {
  violation: EngineError | undefined;

  constructor(
    private readonly dial: () => Socket,
    private readonly guard: ReplyGuard,
  ) {}

  connect(): Socket {
    const socket = this.dial();
    guardData(socket, (chunk) => this.admit(chunk));
    return socket;
  }

  /** What ioredis makes its connector of. */
  connectorClass(): new () => AbstractConnector {
    const connect = (): Socket => this.connect();
    return class extends AbstractConnector {
      constructor() {
        super(disconnectMs);
      }

      override connect(): Promise<Socket> {
        this.connecting = true;
        this.stream = connect();
        // one that fails at once does so before ioredis listens
        this.stream.once('error', (error) => (this.firstError = error));
        return Promise.resolve(this.stream);
      }
    };
  }

  private admit(chunk: Buffer): readonly Buffer[] {
    try {
      return this.guard.admit(chunk);
    } catch (thrown) {
      this.violation = toEngineError(thrown);
      throw thrown;
    }
  }
}
