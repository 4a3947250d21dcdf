import { Socket } from 'node:net';
import { EngineError, toEngineError } from '../../engine/kernel/errors';
import { Emitter } from '../../engine/kernel/events';
import { withDeadline } from '../../engine/kernel/deadline';
import { commandName, isRead, type CommandTable } from '../../engine/connections/commandAccess';
import type { CallOptions, LinkState, OpenRequest } from '../../engine/connections/cacheProvider';
import { endpointLabel } from '../../engine/connections/profile';
import { abortSocket } from '../net/abortSocket';
import { dial } from '../net/dial';
import { silentTls, socketError } from '../net/socketErrors';
import { tlsOptions } from '../net/tlsOptions';
import { GuardedRedis } from './guardedRedis';
import { replyError } from './redisErrors';

/** What a wait for an attempt to connect may take beyond the deadline of the attempt, milliseconds. */
const graceMs = 500;

/** One argument of a command. */
export type Arg = string | Buffer | number;

/** What a command answers, bulk strings as Buffers. */
export type Reply = Buffer | string | number | null | readonly Reply[];

/**
 * One socket to one Redis server and logical database, opened on first use.
 *
 * States: `idle` (no socket; next command opens one) -> `opening` -> `open` -> `idle` on close, error, or a
 * command that got no answer in time (the socket is then reset, so that what it still holds is not sent later);
 * any -> `closed` by `close()`, from which there is no way back.
 *
 * ioredis itself never reconnects, queues or resends here: a command is sent at most once.
 */
export class RedisLink {
  private client: GuardedRedis | undefined;
  private opening: Promise<GuardedRedis> | undefined;
  private closed = false;
  private failures = 0;
  /** Calls whose reply is not there yet. */
  private awaited = 0;
  private readonly states = new Emitter<LinkState>();
  private table: CommandTable | undefined;

  /** Fires when the socket is lost and when it is back. */
  readonly onState = this.states.event;

  constructor(
    private readonly request: OpenRequest,
    private readonly purpose: string,
  ) {}

  /** Lets a read-only session tell reads from writes by the server's own flags. */
  useCommandTable(table: CommandTable | undefined): void {
    this.table = table;
  }

  /** Whether the server has a command; undefined when it does not say. Lower case. */
  knows(command: string): boolean | undefined {
    return this.table?.has(command);
  }

  /** Opens the socket if need be. Rejects with a distinct reason for refused, DNS, TLS, timeout and password. */
  async open(call: CallOptions): Promise<void> {
    await this.live(call);
  }

  /**
   * Sends one command and resolves with its reply. Rejects with `EngineError`; never sends twice. On an open socket
   * that awaits nothing the command is written before this returns, so that the server works while the caller goes on.
   */
  async send(args: readonly [string, ...Arg[]], call: CallOptions): Promise<Reply> {
    this.requireAllowed(args);
    const client = this.ready() ?? (await this.live(call));
    const [name, ...rest] = args;
    if (this.awaited > 0) gather(client);
    return this.settle(client.callBuffer(name, ...rest) as Promise<Reply>, client, name, call);
  }

  /** Sends commands in one write; resolves with a reply or an `EngineError` for each. */
  async pipeline(
    commands: readonly (readonly [string, ...Arg[]])[],
    call: CallOptions,
  ): Promise<(Reply | EngineError)[]> {
    for (const args of commands) this.requireAllowed(args);
    const client = await this.live(call);
    gather(client);
    const replies = client.together(() =>
      commands.map(([name, ...rest]) =>
        (client.callBuffer(name, ...rest) as Promise<Reply>).catch((thrown: unknown) =>
          this.failure(thrown, client, name),
        ),
      ),
    );
    return this.settle(Promise.all(replies), client, 'A batch of commands', call);
  }

  close(): Promise<void> {
    this.closed = true;
    const client = this.client;
    this.client = undefined;
    client?.disconnect();
    return Promise.resolve();
  }

  private requireAllowed(args: readonly Arg[]): void {
    if (!this.request.isReadOnly() || isRead(args, this.table)) return;
    const name = commandName(args, this.table).replace('|', ' ').toUpperCase();
    throw new EngineError('UNAUTHORIZED', 'read-only', `${name} is refused: the connection is read-only`);
  }

  private settle<T>(reply: Promise<T>, client: GuardedRedis, name: string, call: CallOptions): Promise<T> {
    this.awaited++;
    const mapped = reply
      .finally(() => this.awaited--)
      .catch((thrown: unknown) => {
        const error = this.failure(thrown, client, name);
        if (error.reason === 'dropped' || client.violation) this.drop(client);
        throw error;
      });
    return withDeadline(mapped, call, `${name} at ${this.where}`, (error) => {
      // a cancelled wait leaves the socket to the other commands on it
      if (error.reason === 'timeout') this.reset(client);
    });
  }

  private failure(thrown: unknown, client: GuardedRedis, command: string): EngineError {
    if (thrown instanceof EngineError) return thrown;
    return replyError(thrown, command) ?? client.violation ?? socketError(thrown, this.where, false);
  }

  private async live(call: CallOptions): Promise<GuardedRedis> {
    if (this.closed)
      throw new EngineError('CONNECTION_FAILED', 'dropped', `${this.where}: the connection was closed`);
    const { client } = this;
    const ready = this.ready();
    if (ready) return ready;
    // its end is known to ioredis before the event that tells us
    if (client) this.drop(client);
    this.opening ??= this.connect(call).finally(() => (this.opening = undefined));
    // the attempt itself knows best why it failed: it gets the time to say so
    return withDeadline(
      this.opening,
      { ...call, timeoutMs: call.timeoutMs + graceMs },
      `Connecting to ${this.where}`,
    );
  }

  private ready(): GuardedRedis | undefined {
    return this.client?.status === 'ready' ? this.client : undefined;
  }

  private async connect(call: CallOptions): Promise<GuardedRedis> {
    const client = await this.newClient(call.timeoutMs);
    let socketFailure: unknown;
    client.on('error', (error: Error) => (socketFailure = error));
    try {
      await withDeadline(this.greet(client), { timeoutMs: call.timeoutMs }, `Connecting to ${this.where}`);
    } catch (thrown) {
      const failure = this.connectFailure(socketFailure ?? thrown, streamOf(client));
      client.disconnect();
      this.lost(failure);
      throw failure;
    }
    return this.adopt(client);
  }

  private adopt(client: GuardedRedis): GuardedRedis {
    client.on('close', () => {
      this.drop(client);
    });
    if (this.closed) client.disconnect();
    else this.client = client;
    this.failures = 0;
    this.states.fire({ up: true });
    return client;
  }

  private drop(client: GuardedRedis): void {
    if (this.client !== client) return;
    this.client = undefined;
    const message = `${this.where}: the connection was lost`;
    this.lost(
      client.violation ?? new EngineError('CONNECTION_FAILED', 'dropped', message, { retryable: true }),
    );
  }

  private connectFailure(thrown: unknown, stream: Socket | undefined): EngineError {
    if (thrown instanceof EngineError) return silentTls(thrown, stream, this.where);
    return (
      replyError(thrown, 'Connecting') ?? socketError(thrown, this.where, this.request.profile.tls.enabled)
    );
  }

  /** Connects, authenticates and pins the database; each failure is an error, not a warning. */
  private async greet(client: GuardedRedis): Promise<void> {
    const { profile, secrets, db } = this.request;
    await client.connect();
    if (profile.auth.method === 'password') {
      const user = profile.auth.username;
      await greeting(client, 'AUTH', ...(user ? [user] : []), secrets.password ?? '');
    }
    if (db !== 0) await greeting(client, 'SELECT', db);
    // niceties that an old server or a narrow ACL may refuse, at no loss
    await Promise.allSettled([
      client.call('CLIENT', 'SETNAME', `cachify-${this.purpose}`),
      client.call('CLIENT', 'NO-TOUCH', 'ON'),
    ]);
    if (client.violation) throw client.violation;
  }

  private async newClient(timeoutMs: number): Promise<GuardedRedis> {
    const { profile, secrets } = this.request;
    const endpoint = profile.endpoints[0];
    if (!endpoint) throw new EngineError('VALIDATION_ERROR', 'invalid', 'The connection names no server');
    const tls = await tlsOptions(profile.tls, secrets, endpoint.kind === 'tcp' ? endpoint.host : undefined);
    const options = {
      ...(tls && { tls }),
      protocol: 2 as const,
      connectTimeout: timeoutMs,
      lazyConnect: true,
      enableReadyCheck: false,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      disableClientInfo: true,
      // moments and counters have 64 bits
      stringNumbers: true,
      maxRetriesPerRequest: 0,
      retryStrategy: null,
    };
    return new GuardedRedis(options, () => dial(endpoint, tls));
  }

  private reset(client: GuardedRedis): void {
    if (this.client !== client) return;
    this.client = undefined;
    const stream = streamOf(client);
    if (stream) abortSocket(stream);
    client.disconnect();
    this.lost(new EngineError('TIMEOUT', 'timeout', `${this.where} does not answer`, { retryable: true }));
  }

  private lost(cause: EngineError): void {
    if (this.closed) return;
    this.failures++;
    this.states.fire({ up: false, cause: toEngineError(cause), attempt: this.failures });
  }

  private get where(): string {
    const endpoint = this.request.profile.endpoints[0];
    return endpoint ? endpointLabel(endpoint) : 'the server';
  }
}

/**
 * What is sent in this turn of the event loop goes in one write: each of its own costs more than the command. Measured with
 * 105,000 keys compared: three times the time.
 */
function gather(client: GuardedRedis): void {
  const stream = streamOf(client);
  if (!stream || stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => {
    stream.uncork();
  });
}

/** The socket below a client, if it has one. */
function streamOf(client: GuardedRedis): Socket | undefined {
  const { stream } = client as { stream?: unknown };
  return stream instanceof Socket ? stream : undefined;
}

/** One command of the handshake: its refusal names it. */
async function greeting(client: GuardedRedis, name: string, ...args: (string | number)[]): Promise<void> {
  try {
    await client.call(name, ...args);
  } catch (thrown) {
    throw replyError(thrown, name) ?? thrown;
  }
}
