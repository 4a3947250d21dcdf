import { EngineError, toEngineError } from '../../engine/kernel/errors';
import type { ReceivedGroup } from './commitGroups';
import { decodeGroup } from './journalRecord';
import type { StoreCore } from './storeCore';
import { sendError } from './storeErrors';
import type {
  StoreMessage,
  StoreQuestion,
  StoreReply,
  StoreRequest,
  StoreVersion,
  StoreWrites,
} from './storeMessages';
import type { StoreStatus } from './storeStatus';
import { writtenTables } from './writtenTables';

/** Records that are committed at once; bounds the wait for the first reply of a flood. */
const largestCommit = 16;

/** Somebody who asks; `post` must not throw when they are gone. */
export interface ServedClient {
  post(message: StoreMessage): void;
}

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
  private readonly clients = new Set<ServedClient>();

  constructor(
    private readonly core: StoreCore,
    private readonly options: {
      readonly epoch: number;
      /** Calls back once everything that has already arrived was passed to `accept`. */
      readonly defer: (work: () => void) => void;
      readonly status: (clients: number) => StoreStatus;
    },
  ) {}

  /** A client that is told of changes from now on. */
  join(client: ServedClient): void {
    this.clients.add(client);
  }

  leave(client: ServedClient): void {
    this.clients.delete(client);
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
    for (const { client, request } of asked)
      if (request.kind !== 'writes') this.reply(client, this.answer(request));
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
    this.tell(writes);
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

  private tell(writes: readonly ReceivedWrites[]): void {
    const tables = writtenTables(writes.map(({ group }) => group));
    const { version } = this;
    for (const client of this.clients) {
      const isOwn = writes.every((each) => each.client === client);
      client.post({ kind: 'changed', tables, version, isOwn });
    }
  }

  private reply(client: ServedClient, ...replies: StoreReply[]): void {
    client.post({ kind: 'replies', replies });
  }

  private answer(request: StoreQuestion): StoreReply {
    const { number } = request;
    try {
      switch (request.kind) {
        case 'read': {
          const rows = this.core.read(request.sql, request.params);
          return { number, kind: 'rows', rows, version: this.version };
        }
        case 'status':
          return { number, kind: 'status', status: this.options.status(this.clients.size) };
      }
    } catch (thrown) {
      return failure(number, toEngineError(thrown));
    }
  }
}

function receive({ record, numbers }: StoreWrites): ReceivedGroup | undefined {
  const group = decodeGroup(Buffer.from(record.buffer, record.byteOffset, record.byteLength), 0);
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
