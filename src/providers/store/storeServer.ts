import { bufferOf } from '../../engine/kernel/bufferOf';
import { EngineError, toEngineError } from '../../engine/kernel/errors';
import { sendError } from '../../engine/kernel/sentError';
import { ChangeNotices } from './changeNotices';
import type { ReceivedGroup } from './commitGroups';
import { decodeGroup } from './journalRecord';
import { sqlOfRead } from './reads/allReads';
import type { ServedClient } from './servedClient';
import type { StoreCore } from './storeCore';
import type { StoreQuestion, StoreReply, StoreRequest, StoreVersion, StoreWrites } from './storeMessages';
import type { StoreStatus } from './storeStatus';
import { unknownRead } from './storeErrors';
import type { Timers } from './timers';
import { writtenTables } from './writtenTables';

/** Records that are committed at once; bounds the wait for the first reply of a flood. */
const largestCommit = 16;

interface Asked<R> {
  readonly client: ServedClient;
  readonly request: R;
}

interface ReceivedWrites extends Asked<StoreWrites> {
  readonly group: ReceivedGroup;
}

/**
 * Answers the requests of all clients that have come in since the last turn of the worker's loop.
 *
 * Group commit without a timer: an fsync blocks the worker, and whatever arrives meanwhile is one group afterwards.
 * So a lone write waits for nothing, and under load the slower the disk the larger the groups. Holding every write
 * back for a fixed 20 ms would only add that wait to each step of a workflow that saves, then acts.
 */
export class StoreServer {
  private waiting: Asked<StoreRequest>[] = [];
  private scheduled = false;
  private commits = 0;
  private readonly notices: ChangeNotices;

  constructor(
    private readonly core: StoreCore,
    private readonly options: {
      readonly epoch: number;
      /** Calls back once everything that has already arrived was passed to `accept`. */
      readonly defer: (work: () => void) => void;
      readonly timers: Timers;
      readonly status: (clients: number) => StoreStatus;
    },
  ) {
    this.notices = new ChangeNotices({ timers: options.timers, version: () => this.version });
  }

  /** A client that is told of changes from now on. */
  join(client: ServedClient): void {
    this.notices.join(client);
  }

  leave(client: ServedClient): void {
    this.notices.leave(client);
  }

  /** Tells nobody anything more. */
  dispose(): void {
    this.notices.dispose();
  }

  /** Takes requests; they are answered together with all others of this turn. */
  accept(client: ServedClient, requests: readonly StoreRequest[]): void {
    for (const request of requests) this.waiting.push({ client, request });
    if (this.scheduled || this.waiting.length === 0) return;
    this.scheduled = true;
    this.options.defer(() => this.answerAll());
  }

  private get version(): StoreVersion {
    return { epoch: this.options.epoch, commit: this.commits };
  }

  /** Writes first, so that a read sees every write sent before it. */
  private answerAll(): void {
    const asked = this.waiting;
    this.waiting = [];
    this.scheduled = false;
    const writes = asked.flatMap(({ client, request }) =>
      request.kind === 'writes' ? this.received(client, request) : [],
    );
    for (const frees of [false, true]) {
      const alike = writes.filter(({ request }) => (request.frees ?? false) === frees);
      for (let start = 0; start < alike.length; start += largestCommit) {
        this.write(alike.slice(start, start + largestCommit), frees);
      }
    }
    this.answerQuestions(asked);
  }

  private answerQuestions(asked: readonly Asked<StoreRequest>[]): void {
    const questions = asked.flatMap(({ client, request }) =>
      request.kind === 'writes' ? [] : [{ client, request }],
    );
    // Looked at once for all of a turn: it costs as much as reading a small file.
    if (questions.length === 0 || !this.core.isCurrent()) return;
    for (const { client, request } of questions) void this.answer(client, request);
  }

  private received(client: ServedClient, request: StoreWrites): ReceivedWrites[] {
    const group = receive(request);
    if (group) return [{ client, request, group }];
    this.reply(client, ...request.numbers.map((number) => failure(number, damagedRecord())));
    return [];
  }

  /** Without an answer of the core nothing is replied: the clients ask the next owner again. */
  private write(writes: readonly ReceivedWrites[], frees: boolean): void {
    const refusals = this.core.write(
      writes.map(({ group }) => group),
      frees,
    );
    if (!refusals) return;
    this.commits++;
    let start = 0;
    for (const { client, request } of writes) {
      const own = refusals.slice(start, start + request.numbers.length);
      start += request.numbers.length;
      this.replySaved(client, request.numbers, own);
    }
    this.core.settle();
    const tables = writtenTables(writes.map(({ group }) => group));
    this.notices.add(tables, new Set(writes.map(({ client }) => client)));
  }

  private replySaved(
    client: ServedClient,
    numbers: readonly number[],
    refusals: readonly (EngineError | undefined)[],
  ): void {
    const saved = numbers.filter((_, index) => refusals[index] === undefined);
    const refused = numbers.flatMap((number, index) => {
      const refusal = refusals[index];
      return refusal ? [failure(number, refusal)] : [];
    });
    this.reply(client, { kind: 'saved', numbers: saved }, ...refused);
  }

  private reply(client: ServedClient, ...replies: StoreReply[]): void {
    client.post({ kind: 'replies', replies });
  }

  /** A store that is another window's by now answers nothing: the client asks that one. */
  private async answer(client: ServedClient, request: StoreQuestion): Promise<void> {
    try {
      this.reply(client, request.kind === 'upkeep' ? await this.upkeep(request) : this.answerNow(request));
    } catch (thrown) {
      const error = toEngineError(thrown);
      if (error.reason !== 'store-owned-elsewhere') this.reply(client, failure(request.number, error));
    }
  }

  private answerNow(request: Exclude<StoreQuestion, { kind: 'upkeep' }>): StoreReply {
    const { number } = request;
    if (request.kind === 'status') {
      return { number, kind: 'status', status: this.options.status(this.notices.clients) };
    }
    const sql = sqlOfRead(request.name);
    if (sql === undefined) throw unknownRead();
    const rows = this.core.read(sql, request.params);
    return { number, kind: 'rows', rows, version: this.version };
  }

  private async upkeep({ number, act }: Extract<StoreQuestion, { kind: 'upkeep' }>): Promise<StoreReply> {
    return { number, kind: 'upkept', result: await this.core.upkeep(act, this.options.defer) };
  }
}

function receive({ record, numbers }: StoreWrites): ReceivedGroup | undefined {
  const group = decodeGroup(bufferOf(record), 0);
  return group?.transactions.length === numbers.length
    ? { transactions: group.transactions, record }
    : undefined;
}

function damagedRecord(): EngineError {
  return new EngineError('INTERNAL_ERROR', 'bug', 'A record arrived damaged', {
    details: { outcome: 'not applied' },
  });
}

function failure(number: number, error: EngineError): StoreReply {
  return { number, kind: 'error', error: sendError(error) };
}
