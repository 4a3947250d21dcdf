import { EngineError, toError } from '../../engine/kernel/errors';
import { withDeadline } from '../../engine/kernel/deadline';
import { Emitter } from '../../engine/kernel/events';
import type { Clock, Log } from '../../engine/kernel/ports';
import { encodeGroup } from './journalRecord';
import type { SqlValue, Statement, Transaction } from './statement';
import type { StoreAccess } from './storeAccess';
import { receiveError } from './storeErrors';
import type { StoreQuestion, StoreReply, StoreRequest, StoreRole, WorkerMessage } from './storeMessages';
import type { StoreStatus } from './storeStatus';
import type { ConnectTransport, StoreTransport } from './storeTransport';

/** How long closing waits for the worker, milliseconds. */
const closeTimeoutMs = 5000;

interface Pending {
  readonly resolve: (reply: StoreReply | undefined) => void;
  readonly reject: (error: EngineError) => void;
}

type Question = StoreQuestion extends infer Q ? (Q extends StoreQuestion ? Omit<Q, 'number'> : never) : never;

/** Transactions in one record; bounds what is committed, and lost to a torn append, together. */
const largestRecord = 1000;

interface Outbox {
  readonly questions: StoreQuestion[];
  readonly numbers: number[];
  readonly transactions: Transaction[];
}

/**
 * Asks the store and waits for its answers. Requests of one turn of the event loop travel in one message.
 *
 * States and exits:
 * - `idle`: no worker runs. -> `running` by the first request.
 * - `running`: -> `idle` when the worker ends, which rejects all that is pending; -> `closing` by `close`.
 * - `closing`: -> `closed` when the worker has ended.
 * - `closed`: every request is rejected.
 */
export class StoreClient implements StoreAccess {
  private state: 'idle' | 'running' | 'closing' | 'closed' = 'idle';
  private transport: StoreTransport | undefined;
  private readonly pending = new Map<number, Pending>();
  private outbox = emptyOutbox();
  private flushPlanned = false;
  private lastNumber = 0;
  private failure: EngineError | undefined;
  private readonly roles = new Emitter<StoreRole>();

  /** Tells when this window becomes the owner of the store or a reader of it. */
  readonly onRole = this.roles.event;

  constructor(
    private readonly options: {
      readonly connect: ConnectTransport;
      /** Unique to this client; the ids of its requests begin with it. */
      readonly clientId: string;
      readonly clock: Clock;
      readonly log: Log;
    },
  ) {}

  /** Runs statements as one transaction; resolves when its effect survives a crash. */
  async write(statements: readonly Statement[]): Promise<void> {
    await this.request((number) => {
      const id = `${this.options.clientId}/${number.toString().padStart(9, '0')}`;
      this.outbox.numbers.push(number);
      this.outbox.transactions.push({ id, at: this.options.clock.now(), statements });
    });
  }

  /** Rows of a query, each with its values in the order of the columns. */
  async read(sql: string, params: readonly SqlValue[] = []): Promise<SqlValue[][]> {
    const reply = await this.ask({ kind: 'read', sql, params });
    if (reply?.kind !== 'rows') throw misunderstood();
    return reply.rows;
  }

  async status(): Promise<StoreStatus> {
    const reply = await this.ask({ kind: 'status' });
    if (reply?.kind !== 'status') throw misunderstood();
    return reply.status;
  }

  /** Waits for what is under way, then ends the worker; resolves when its files are free. */
  async close(): Promise<void> {
    if (this.state === 'closing' || this.state === 'closed') return;
    const { transport } = this;
    if (!transport) {
      this.transition('closed');
      return;
    }
    const answered = this.ask({ kind: 'close' });
    this.transition('closing');
    try {
      await withDeadline(answered, { timeoutMs: closeTimeoutMs }, 'Closing the store');
    } catch (thrown) {
      // All that was acknowledged is on the disk; what was not is rejected below.
      this.options.log.warn('The store worker had to be ended', { error: toError(thrown).message });
    }
    await transport.terminate();
    this.ended(closed());
    this.transition('closed');
  }

  private transition(next: StoreClient['state']): void {
    const exits = {
      idle: ['running', 'closed'],
      running: ['idle', 'closing'],
      closing: ['closed'],
      closed: [],
    };
    const allowed: readonly string[] = exits[this.state];
    if (!allowed.includes(next)) throw new Error(`A store client cannot go from ${this.state} to ${next}`);
    this.state = next;
  }

  private ask(question: Question): Promise<StoreReply | undefined> {
    return this.request((number) => this.outbox.questions.push({ ...question, number }));
  }

  /** Lets `put` place a request in the outbox; resolves with its reply, undefined for a write. */
  private request(put: (number: number) => void): Promise<StoreReply | undefined> {
    if (this.state === 'closing' || this.state === 'closed') return Promise.reject(closed());
    if (this.state === 'idle') this.start();
    const number = ++this.lastNumber;
    // nextTick runs after the promise callbacks of this turn, so all that they ask joins the same message.
    if (!this.flushPlanned) process.nextTick(() => this.flush());
    this.flushPlanned = true;
    return new Promise((resolve, reject) => {
      this.pending.set(number, { resolve, reject });
      put(number);
    });
  }

  private flush(): void {
    const { questions, numbers, transactions } = this.outbox;
    this.outbox = emptyOutbox();
    this.flushPlanned = false;
    const requests: StoreRequest[] = [];
    for (let start = 0; start < numbers.length; start += largestRecord) {
      const end = start + largestRecord;
      const record = encodeGroup(transactions.slice(start, end));
      requests.push({ kind: 'writes', numbers: numbers.slice(start, end), record });
    }
    this.transport?.send([...requests, ...questions]);
  }

  private start(): void {
    this.failure = undefined;
    this.transition('running');
    const transport = this.options.connect({
      onMessage: (message) => this.receive(message),
      onEnd: (cause) => {
        if (this.transport === transport) this.lost(cause);
      },
    });
    this.transport = transport;
  }

  private receive(message: WorkerMessage): void {
    switch (message.kind) {
      case 'replies':
        for (const reply of message.replies) this.settle(reply);
        break;
      case 'role':
        this.roles.fire(message.role);
        break;
      case 'log':
        this.options.log[message.level](message.message, message.fields);
        break;
      case 'failed':
        this.failure = receiveError(message.error);
        break;
    }
  }

  private settle(reply: StoreReply): void {
    if (reply.kind === 'saved') for (const number of reply.numbers) this.take(number)?.resolve(undefined);
    else if (reply.kind === 'error') this.take(reply.number)?.reject(receiveError(reply.error));
    else this.take(reply.number)?.resolve(reply);
  }

  private take(number: number): Pending | undefined {
    const pending = this.pending.get(number);
    this.pending.delete(number);
    return pending;
  }

  /** The worker ended by itself: the next request starts another. */
  private lost(cause: EngineError): void {
    if (this.state === 'running') {
      this.options.log.error('The store worker ended', { error: (this.failure ?? cause).message });
      this.transition('idle');
    }
    this.ended(this.failure ?? cause);
  }

  private ended(error: EngineError): void {
    this.transport = undefined;
    this.outbox = emptyOutbox();
    const pending = [...this.pending.values()];
    this.pending.clear();
    for (const { reject } of pending) reject(error);
  }
}

function closed(): EngineError {
  return new EngineError('INTERNAL_ERROR', 'store-stopped', 'The store is closed');
}

function misunderstood(): EngineError {
  return new EngineError('INTERNAL_ERROR', 'bug', 'The store answered another question');
}

function emptyOutbox(): Outbox {
  return { questions: [], numbers: [], transactions: [] };
}
