import { withDeadline } from '../../engine/kernel/deadline';
import { EngineError, toError } from '../../engine/kernel/errors';
import { Emitter } from '../../engine/kernel/events';
import type { Disposable } from '../../engine/kernel/lifetime';
import type { Clock, Log } from '../../engine/kernel/ports';
import { receiveError } from '../../engine/kernel/sentError';
import { requestId } from './appliedRequests';
import { type Ask, RequestQueue } from './requestQueue';
import type { Read } from './reads/read';
import type { SqlValue, Statement } from './statement';
import type { StoreAccess, WriteOptions } from './storeAccess';
import { type FailedOutcome, storeImpostor, storeStopped } from './storeErrors';
import type { StoreChange, StoreMessage, StoreReply, UpkeepAct, UpkeepResults } from './storeMessages';
import type { StoreStatus } from './storeStatus';
import type { ConnectTransport, StoreLink, StoreTransport } from './storeTransport';
import type { Timers } from './timers';

/** Milliseconds. */
const limits = {
  /** How long closing waits for what is under way. */
  close: 5000,
  /** How often it is looked for requests that wait too long. */
  look: 500,
  /** How long an answer may take before another owner is looked for as well. */
  doubt: 2000,
  /** How long a request waits for an owner. */
  patience: 30_000,
};

type State = 'idle' | 'seeking' | 'linked' | 'closing' | 'closed';

const exits: Readonly<Record<State, readonly State[]>> = {
  idle: ['seeking', 'closed'],
  seeking: ['linked', 'idle', 'closing'],
  linked: ['seeking', 'idle', 'closing'],
  closing: ['closed'],
  closed: [],
};

/**
 * Asks the owner of the store, whichever window that is, and waits for its answers. Requests of one turn of the event
 * loop travel in one message. When the owner goes, what it left unanswered is asked of the next one.
 *
 * States and exits:
 * - `idle`: nothing was asked yet, or the store could not be opened. -> `seeking` by a request.
 * - `seeking`: an owner is looked for; requests wait. -> `linked`; -> `idle` when the store cannot be opened, which
 *   rejects them.
 * - `linked`: requests are sent as they come. -> `seeking` when the owner hangs up; -> `idle` when what it says cannot be
 *   understood, which rejects them.
 * - `closing`: what is under way is waited for; new requests are rejected. -> `closed`.
 * - `closed`: every request is rejected.
 */
export class StoreClient implements StoreAccess {
  private state: State = 'idle';
  private transport: StoreTransport | undefined;
  private readonly queue = new RequestQueue();
  private flushPlanned = false;
  private lastWrite = 0;
  private watch: Disposable | undefined;
  private ownsStore = false;
  private readonly links = new Emitter<StoreLink>();
  private readonly changes = new Emitter<StoreChange>();

  /** Tells when this window has found an owner, or has become it. */
  readonly onLink = this.links.event;
  /** Tells which tables were written to, by any window. */
  readonly onChange = this.changes.event;

  constructor(
    private readonly options: {
      readonly connect: ConnectTransport;
      /** Unique to this client; the ids of its requests begin with it. */
      readonly clientId: string;
      readonly clock: Clock;
      readonly timers: Timers;
      readonly log: Log;
    },
  ) {}

  /** Whether this window owned the store when it was linked last. */
  get isOwner(): boolean {
    return this.ownsStore;
  }

  async write(statements: readonly Statement[], { frees = false }: WriteOptions = {}): Promise<void> {
    const id = requestId(this.options.clientId, ++this.lastWrite);
    const transaction = { id, at: this.options.clock.now(), statements };
    await this.request({ kind: 'write', transaction, frees });
  }

  async read({ name }: Read, params: readonly SqlValue[] = []): Promise<SqlValue[][]> {
    const reply = await this.request({ kind: 'question', question: { kind: 'read', name, params } });
    if (reply?.kind !== 'rows') throw misunderstood();
    return reply.rows;
  }

  async status(): Promise<StoreStatus> {
    const reply = await this.request({ kind: 'question', question: { kind: 'status' } });
    if (reply?.kind !== 'status') throw misunderstood();
    return reply.status;
  }

  /** Work on the database as a whole; takes as long as it takes. */
  async upkeep<A extends UpkeepAct>(act: A): Promise<UpkeepResults[A]> {
    const reply = await this.request({ kind: 'question', question: { kind: 'upkeep', act } });
    if (reply?.kind !== 'upkept') throw misunderstood();
    return reply.result as UpkeepResults[A];
  }

  /** Waits for what is under way, then frees the store; resolves when this window has nothing of it open. */
  async close(): Promise<void> {
    if (this.state === 'closing' || this.state === 'closed') return;
    const { transport } = this;
    if (!transport) {
      this.transition('closed');
      return;
    }
    const settled = this.settled();
    this.transition('closing');
    try {
      await withDeadline(settled, { timeoutMs: limits.close }, 'Closing the store');
    } catch (thrown) {
      // All that was acknowledged is on the disk; what was not is rejected below.
      this.options.log.warn('The store was closed with requests under way', {
        error: toError(thrown).message,
      });
    }
    await transport.terminate();
    this.transport = undefined;
    this.rejectAll('The store is closed');
    this.transition('closed');
  }

  private transition(next: State): void {
    if (!exits[this.state].includes(next))
      throw new Error(`A store client cannot go from ${this.state} to ${next}`);
    this.state = next;
  }

  private request(ask: Ask): Promise<StoreReply | undefined> {
    if (this.state === 'closing' || this.state === 'closed') {
      return Promise.reject(storeStopped('The store is closed', 'not applied'));
    }
    const answered = this.queue.add(ask, this.options.clock.monotonic());
    if (this.state === 'idle') this.seek();
    // nextTick runs after the promise callbacks of this turn, so all that they ask joins the same message.
    if (!this.flushPlanned) process.nextTick(() => this.flush());
    this.flushPlanned = true;
    this.keepWatch();
    return answered;
  }

  private flush(): void {
    this.flushPlanned = false;
    if (!this.canSend()) return;
    for (const requests of this.queue.take()) this.transport?.send(requests);
  }

  private canSend(): boolean {
    return this.state === 'linked' || this.state === 'closing';
  }

  private seek(): void {
    this.transition('seeking');
    this.connect();
  }

  private connect(): void {
    const transport: StoreTransport = this.options.connect({
      onReady: (link) => this.linked(link),
      onMessage: (message) => this.receive(message),
      onEnd: (cause, final) => this.lost(cause, final),
    });
    this.transport = transport;
  }

  private linked(link: StoreLink): void {
    this.ownsStore = link.isOwner;
    if (this.state === 'seeking') this.transition('linked');
    this.flush();
    this.links.fire(link);
  }

  private lost(cause: EngineError, final: boolean): void {
    this.transport = undefined;
    if (this.state === 'closing') this.rejectAll(cause.message);
    if (this.state === 'closing' || this.state === 'closed') return;
    this.options.log.info('The link to the store ended', { cause: cause.message });
    if (final) {
      this.transition('idle');
      // What was sent to the owner before may have been saved by it.
      this.queue.reject((wasSent) => (wasSent ? storeStopped(cause.message, 'unknown', cause) : cause));
      return;
    }
    this.queue.takeBack();
    this.seek();
  }

  private receive(message: StoreMessage): void {
    if (message.kind === 'changed') this.changes.fire(message);
    else for (const reply of message.replies) this.queue.settle(reply, ({ error }) => receiveError(error));
  }

  /** While requests wait, looks now and then whether one waits too long. */
  private keepWatch(): void {
    this.watch ??= this.options.timers.after(limits.look, () => {
      this.watch = undefined;
      this.lookAtOldest();
      if (!this.queue.isEmpty) this.keepWatch();
    });
  }

  private lookAtOldest(): void {
    const now = this.options.clock.monotonic();
    const { oldest } = this.queue;
    if (oldest === undefined) return;
    if (now - oldest > limits.doubt) this.transport?.doubt();
    const { transport } = this;
    this.queue.reject(
      (wasSent) => noAnswer(transport, wasSent ? 'unknown' : 'not applied'),
      now - limits.patience,
    );
  }

  /** Resolves when everything asked so far is answered. */
  private async settled(): Promise<void> {
    if (this.queue.isEmpty) return;
    await this.request({ kind: 'question', question: { kind: 'status' } }).catch(() => undefined);
  }

  private rejectAll(why: string): void {
    this.watch?.dispose();
    this.watch = undefined;
    this.queue.reject((wasSent) => storeStopped(why, wasSent ? 'unknown' : 'not applied'));
  }
}

function noAnswer(transport: StoreTransport | undefined, outcome: FailedOutcome): EngineError {
  if (transport?.metImpostor) return storeImpostor(outcome);
  const host = transport?.otherHost;
  const text =
    host === undefined
      ? 'The store did not answer: no window could open it, or its owner hangs'
      : `The store is in use on another machine, ${host}, which cannot be reached from here`;
  return storeStopped(text, outcome);
}

function misunderstood(): EngineError {
  return new EngineError('INTERNAL_ERROR', 'bug', 'The store answered another question');
}
