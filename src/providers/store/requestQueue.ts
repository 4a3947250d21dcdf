import type { EngineError } from '../../engine/kernel/errors';
import { largestMessage } from './frames';
import { encodeGroup } from './journalRecord';
import { bytesOf, type Transaction } from './statement';
import { requestTooLarge } from './storeErrors';
import type { StoreQuestion, StoreReply, StoreRequest } from './storeMessages';

/** Transactions in one record; bounds what is committed, and lost to a torn append, together. */
const largestRecord = 1000;

/** A question without its number. */
export type Question = StoreQuestion extends infer Q
  ? Q extends StoreQuestion
    ? Omit<Q, 'number'>
    : never
  : never;

/** What is asked. */
export type Ask =
  | { readonly kind: 'write'; readonly transaction: Transaction; readonly frees: boolean }
  | { readonly kind: 'question'; readonly question: Question };

interface Pending {
  readonly number: number;
  readonly ask: Ask;
  readonly bytes: number;
  /** By the steady clock, milliseconds. */
  readonly askedAt: number;
  /** It may have reached an owner. */
  sent: boolean;
  readonly resolve: (reply: StoreReply | undefined) => void;
  readonly reject: (error: EngineError) => void;
}

/**
 * Requests until they are answered. What was sent to an owner that is gone is sent again to the next one: a
 * transaction keeps its id and so is applied once, a question changes nothing.
 */
export class RequestQueue {
  private readonly pending = new Map<number, Pending>();
  private unsent: Pending[] = [];
  private lastNumber = 0;

  get isEmpty(): boolean {
    return this.pending.size === 0;
  }

  /** When the request that waits longest was asked; undefined when none waits, or only such as take their time. */
  get oldest(): number | undefined {
    for (const { ask, askedAt } of this.pending.values()) if (!isSlow(ask)) return askedAt;
    return undefined;
  }

  /** Resolves with the reply, undefined for a write; rejects what is too large to be sent. */
  add(ask: Ask, askedAt: number): Promise<StoreReply | undefined> {
    const bytes = bytesOfAsk(ask);
    if (bytes > largestMessage) return Promise.reject(requestTooLarge(largestMessage));
    return new Promise((resolve, reject) => {
      const entry = { number: ++this.lastNumber, ask, bytes, askedAt, sent: false, resolve, reject };
      this.pending.set(entry.number, entry);
      this.unsent.push(entry);
    });
  }

  /**
   * What has not been sent to this owner yet, as messages, in the order asked: writes as records, then questions. More
   * than one message only when one would be too large.
   */
  take(): StoreRequest[][] {
    const taken = this.unsent;
    this.unsent = [];
    for (const entry of taken) entry.sent = true;
    return portions(taken, largestMessage).map((portion) => {
      const questions = portion.flatMap(({ number, ask }): StoreRequest[] =>
        ask.kind === 'question' ? [{ ...ask.question, number }] : [],
      );
      return [...records(portion, false), ...records(portion, true), ...questions];
    });
  }

  /** The owner is gone: all that is not answered has to be sent again. */
  takeBack(): void {
    this.unsent = [...this.pending.values()];
  }

  settle(reply: StoreReply, toError: (reply: Extract<StoreReply, { kind: 'error' }>) => EngineError): void {
    if (reply.kind === 'saved') for (const number of reply.numbers) this.remove(number)?.resolve(undefined);
    else if (reply.kind === 'error') this.remove(reply.number)?.reject(toError(reply));
    else this.remove(reply.number)?.resolve(reply);
  }

  /** Rejects what was asked before `time`, or everything; `errorOf` is told whether it may have been applied. */
  reject(errorOf: (wasSent: boolean) => EngineError, time = Infinity): void {
    const isLate = ({ ask, askedAt }: Pending): boolean =>
      time === Infinity || (askedAt <= time && !isSlow(ask));
    const late = [...this.pending.values()].filter(isLate);
    for (const { number } of late) this.pending.delete(number);
    this.unsent = this.unsent.filter(({ number }) => this.pending.has(number));
    for (const { reject, sent } of late) reject(errorOf(sent));
  }

  private remove(number: number): Pending | undefined {
    const entry = this.pending.get(number);
    this.pending.delete(number);
    return entry;
  }
}

/** The SQL of a record is in it once a text, however many statements share it. */
function bytesOfAsk(ask: Ask): number {
  if (ask.kind === 'question') return ask.question.kind === 'read' ? bytesOf(ask.question.params) : 0;
  let bytes = 0;
  let before = '';
  for (const { sql, params } of ask.transaction.statements) {
    if (sql !== before) bytes += sql.length;
    before = sql;
    bytes += bytesOf(params);
  }
  return bytes;
}

/** Runs of entries that together have no more than so many bytes. */
function portions(entries: readonly Pending[], mostBytes: number): Pending[][] {
  const all: Pending[][] = [];
  let left = 0;
  for (const entry of entries) {
    if (entry.bytes > left || all.length === 0) {
      all.push([]);
      left = mostBytes;
    }
    all.at(-1)?.push(entry);
    left -= entry.bytes;
  }
  return all;
}

function isSlow(ask: Ask): boolean {
  return ask.kind === 'question' && ask.question.kind === 'upkeep';
}

function records(entries: readonly Pending[], frees: boolean): StoreRequest[] {
  const numbers: number[] = [];
  const transactions: Transaction[] = [];
  for (const { number, ask } of entries) {
    if (ask.kind !== 'write' || ask.frees !== frees) continue;
    numbers.push(number);
    transactions.push(ask.transaction);
  }
  const requests: StoreRequest[] = [];
  for (let start = 0; start < numbers.length; start += largestRecord) {
    const end = start + largestRecord;
    const record = encodeGroup(transactions.slice(start, end));
    requests.push({ kind: 'writes', numbers: numbers.slice(start, end), record, ...(frees && { frees }) });
  }
  return requests;
}
