import { type EngineError, toEngineError } from '../../engine/kernel/errors';
import type { ReceivedGroup } from './commitGroups';
import { decodeGroup } from './journalRecord';
import { sendError } from './storeErrors';
import type { StoreCore } from './storeCore';
import type { StoreQuestion, StoreReply, StoreRequest, StoreWrites } from './storeMessages';

/** Records that are committed at once; bounds the wait for the first reply of a flood. */
const largestCommit = 16;

/**
 * Answers the requests that have come in since the last turn of the worker's loop.
 *
 * Group commit without a timer: an fsync blocks the worker, and whatever arrives meanwhile is one group afterwards.
 * So a lone write waits for nothing, and under load the slower the disk the larger the groups. Holding every write
 * back for a fixed 20 ms would only add that wait to each step of a workflow that saves, then acts.
 */
export class StoreServer {
  private waiting: StoreRequest[] = [];
  private scheduled = false;

  constructor(
    private readonly core: StoreCore,
    private readonly options: {
      readonly post: (replies: StoreReply[]) => void;
      /** Calls back once everything that has already arrived was passed to `accept`. */
      readonly defer: (work: () => void) => void;
      readonly onClose: () => void;
    },
  ) {}

  /** Takes requests; they are answered together with all others of this turn. */
  accept(requests: readonly StoreRequest[]): void {
    for (const request of requests) this.waiting.push(request);
    if (this.scheduled || this.waiting.length === 0) return;
    this.scheduled = true;
    this.options.defer(() => this.answerAll());
  }

  /** Writes first, so that a read sees every write sent before it. */
  private answerAll(): void {
    const requests = this.waiting;
    this.waiting = [];
    this.scheduled = false;
    const writes = requests.filter((request) => request.kind === 'writes');
    for (let start = 0; start < writes.length; start += largestCommit) {
      this.options.post(this.write(writes.slice(start, start + largestCommit)));
    }
    const questions = requests.filter((request) => request.kind !== 'writes');
    if (questions.length > 0) this.options.post(questions.map((question) => this.answer(question)));
    if (questions.some(({ kind }) => kind === 'close')) this.options.onClose();
  }

  private write(requests: readonly StoreWrites[]): StoreReply[] {
    const refusals = this.core.write(requests.map(receive));
    const numbers = requests.flatMap((request) => request.numbers);
    const saved = numbers.filter((_, index) => refusals[index] === undefined);
    const refused = numbers.flatMap((number, index) => {
      const refusal = refusals[index];
      return refusal ? [failure(number, refusal)] : [];
    });
    return [{ kind: 'saved', numbers: saved }, ...refused];
  }

  private answer(request: StoreQuestion): StoreReply {
    const { number } = request;
    try {
      switch (request.kind) {
        case 'read':
          return { number, kind: 'rows', rows: this.core.read(request.sql, request.params) };
        case 'status':
          return { number, kind: 'status', status: this.core.status() };
        case 'close':
          this.core.close();
          return { number, kind: 'closed' };
      }
    } catch (thrown) {
      return failure(number, toEngineError(thrown));
    }
  }
}

function receive({ record }: StoreWrites): ReceivedGroup {
  const group = decodeGroup(Buffer.from(record.buffer, record.byteOffset, record.byteLength), 0);
  if (!group) throw new Error('A record arrived damaged');
  return { transactions: group.transactions, record };
}

function failure(number: number, error: EngineError): StoreReply {
  return { number, kind: 'error', error: sendError(error) };
}
