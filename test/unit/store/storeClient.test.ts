import assert from 'node:assert/strict';
import { EngineError } from '../../../src/engine/kernel/errors';
import { decodeGroup } from '../../../src/providers/store/journalRecord';
import { StoreClient } from '../../../src/providers/store/storeClient';
import type { StoreReply, StoreRequest } from '../../../src/providers/store/storeMessages';
import type { StoreTransport, TransportEvents } from '../../../src/providers/store/storeTransport';
import { rejectsWith } from '../../helpers/rejects';
import { FakeTime, keptLog } from './storeFixture';

/** An owner whose answers the test gives. */
class FakeOwner implements StoreTransport {
  readonly sent: StoreRequest[][] = [];
  terminated = 0;
  doubts = 0;
  otherHost: string | undefined;
  metImpostor = false;

  constructor(readonly events: TransportEvents) {}

  send(requests: readonly StoreRequest[]): void {
    this.sent.push([...requests]);
  }

  doubt(): void {
    this.doubts++;
  }

  terminate(): Promise<void> {
    this.terminated++;
    return Promise.resolve();
  }

  ready(epoch = 1): void {
    this.events.onReady({ epoch, isOwner: false });
  }

  end(final = false): void {
    this.events.onEnd(new EngineError('INTERNAL_ERROR', 'store-stopped', 'The owner is gone'), final);
  }

  get requests(): StoreRequest[] {
    return this.sent.flat();
  }

  /** Ids of the transactions that came. */
  get ids(): string[] {
    return this.requests.flatMap((request) =>
      request.kind === 'writes'
        ? (decodeGroup(Buffer.from(request.record), 0)?.transactions.map(({ id }) => id) ?? [])
        : [],
    );
  }

  reply(...replies: StoreReply[]): void {
    this.events.onMessage({ kind: 'replies', replies });
  }

  /** Answers everything so far. */
  answer(): void {
    for (const request of this.requests) {
      if (request.kind === 'writes') this.reply({ kind: 'saved', numbers: request.numbers });
      else if (request.kind === 'read') this.reply(rows(request.number, []));
      else this.reply({ number: request.number, kind: 'error', error: refusal });
    }
  }
}

const refusal = {
  code: 'CONFLICT',
  reason: 'store-refused',
  message: 'no',
  retryable: false,
  details: {},
} as const;
const mebibyte = 1024 * 1024;
const statement = { sql: 'INSERT', params: [1] };
const question = { name: 'a question', sql: 'SELECT 1' };

function rows(number: number, values: number[][]): StoreReply {
  return { number, kind: 'rows', rows: values, version: { epoch: 1, commit: 1 } };
}

describe('The client of the store', () => {
  let owners: FakeOwner[];
  let client: StoreClient;
  let time: FakeTime;
  let log: ReturnType<typeof keptLog>;

  beforeEach(() => {
    owners = [];
    time = new FakeTime();
    log = keptLog();
    const connect = (events: TransportEvents): FakeOwner => {
      const owner = new FakeOwner(events);
      owners.push(owner);
      return owner;
    };
    client = new StoreClient({ connect, clientId: 'me', clock: time, timers: time, log });
  });

  /** After what this turn asked was sent. */
  const turn = (): Promise<void> => new Promise(setImmediate);

  it('looks for no owner before something is asked, and for one for all that is asked', async () => {
    assert.equal(owners.length, 0);
    const asked = [client.write([statement]), client.read(question)];
    assert.equal(owners.length, 1);
    owners[0]!.ready();
    owners[0]!.answer();
    await Promise.all(asked);
  });

  it('holds requests back until an owner was found', async () => {
    const written = client.write([statement]);
    await turn();
    assert.deepEqual(owners[0]!.sent, []);
    owners[0]!.ready();
    assert.deepEqual(owners[0]!.ids, ['me/000000001']);
    owners[0]!.answer();
    await written;
  });

  it('sends what one turn asks in one message, the writes as one record with ids of their own', async () => {
    const first = client.write([statement]);
    owners[0]!.ready();
    owners[0]!.answer();
    const writes = [1, 2, 3].map(async () => {
      await Promise.resolve();
      await client.write([statement]);
    });
    await turn();
    assert.equal(owners[0]!.sent.length, 2);
    assert.deepEqual(owners[0]!.ids.slice(1), ['me/000000002', 'me/000000003', 'me/000000004']);
    owners[0]!.answer();
    await Promise.all([first, ...writes]);
  });

  it('splits a flood into records of a thousand', async () => {
    const writes = Array.from({ length: 2500 }, () => client.write([statement]));
    owners[0]!.ready();
    const sizes = owners[0]!.requests.map((request) =>
      request.kind === 'writes' ? request.numbers.length : 0,
    );
    assert.deepEqual(sizes, [1000, 1000, 500]);
    owners[0]!.answer();
    await Promise.all(writes);
  });

  it('marks what frees room, in a record of its own', async () => {
    const writes = [client.write([statement]), client.write([statement], { frees: true })];
    owners[0]!.ready();
    const marks = owners[0]!.requests.map((request) => request.kind === 'writes' && request.frees);
    assert.deepEqual(marks, [undefined, true]);
    owners[0]!.answer();
    await Promise.all(writes);
  });

  it('gives each caller its own answer, and rejects an answer to another question', async () => {
    const [read, refused, status] = [client.read(question), client.write([statement]), client.status()];
    owners[0]!.ready();
    owners[0]!.reply({ number: 2, kind: 'error', error: refusal }, rows(1, [[7]]), rows(3, []));
    assert.deepEqual(await read, [[7]]);
    await rejectsWith(refused, 'CONFLICT', 'store-refused');
    await rejectsWith(status, 'INTERNAL_ERROR', 'bug');
  });

  it('asks the next owner again what the one before left unanswered, in order and under the same ids', async () => {
    const answered = client.write([statement]);
    owners[0]!.ready();
    owners[0]!.answer();
    await answered;
    const lost = [client.write([statement]), client.read(question), client.write([statement])];
    await turn();
    owners[0]!.end();
    const asked = client.write([statement]);
    owners[1]!.ready(2);
    await turn();
    assert.deepEqual(owners[1]!.ids, ['me/000000002', 'me/000000003', 'me/000000004']);
    owners[1]!.answer();
    await Promise.all([...lost, asked]);
    assert.deepEqual(log.lines, ['info The link to the store ended']);
  });

  it('rejects what waits when the store cannot be opened, and tries again with the next call', async () => {
    const waiting = client.read(question);
    owners[0]!.end(true);
    await rejectsWith(waiting, 'INTERNAL_ERROR', 'store-stopped');
    const again = client.read(question);
    assert.equal(owners.length, 2);
    owners[1]!.ready();
    owners[1]!.answer();
    assert.deepEqual(await again, []);
  });

  it('doubts an owner that does not answer for two seconds, and gives up after thirty', async () => {
    const before = client.write([statement]);
    owners[0]!.ready();
    owners[0]!.answer();
    await before;
    const [written, unsent] = [client.write([statement]), rejection(client.read(question))];
    const outcome = rejection(written);
    await turn();
    time.advance(2000);
    const { doubts: early } = owners[0]!;
    time.advance(1000);
    assert.deepEqual([early, owners[0]!.doubts > 0], [0, true]);
    time.advance(28_000);
    const error = await outcome;
    assert.deepEqual([error.reason, error.details['outcome']], ['store-stopped', 'unknown']);
    await unsent;
    assert.equal(time.waiting, 0);
  });

  it('that found no owner at all says that nothing was applied, and where the owner is if it is elsewhere', async () => {
    const outcome = rejection(client.write([statement]));
    owners[0]!.otherHost = 'server-b';
    time.advance(31_000);
    const error = await outcome;
    assert.equal(error.details['outcome'], 'not applied');
    assert.match(error.message, /in use on another machine, server-b/);
  });

  it('that met another program in place of the owner says so, and what that learned', async () => {
    const outcome = rejection(client.write([statement]));
    owners[0]!.metImpostor = true;
    time.advance(31_000);
    const error = await outcome;
    assert.deepEqual(
      [error.code, error.reason, error.details['outcome']],
      ['UNAUTHORIZED', 'store-impostor', 'not applied'],
    );
    assert.match(error.message, /cannot prove to be it: it was told nothing/);
  });

  it('sends in several messages what is too much for one, and waits for all of it', async () => {
    const large = { ...statement, params: ['x'.repeat(10 * mebibyte)] };
    const all = Array.from({ length: 5 }, () => client.write([large]));
    const question = client.read({ name: 'a question', sql: '' }, ['y'.repeat(5 * mebibyte)]);
    owners[0]!.ready();
    await Promise.resolve();
    assert.deepEqual(
      owners[0]!.sent.map((message) => message.map(({ kind }) => kind)),
      [['writes'], ['writes', 'read']],
    );
    owners[0]!.answer();
    await Promise.all([...all, question]);
  });

  it('refuses what never fits into a message, in words', async () => {
    const huge = { ...statement, params: ['x'.repeat(20 * mebibyte), 'x'.repeat(20 * mebibyte)] };
    const error = await rejection(client.write([huge]));
    assert.deepEqual([error.reason, error.details['outcome']], ['invalid', 'not applied']);
    assert.match(error.message, /at most 32 MiB at once/);
    assert.deepEqual(owners[0]?.sent ?? [], []);
  });

  it('passes on links and changes', async () => {
    const epochs: number[] = [];
    const tables: string[] = [];
    client.onLink(({ epoch }) => epochs.push(epoch));
    client.onChange((change) => tables.push(...change.tables));
    const asked = client.read(question);
    owners[0]!.ready(4);
    owners[0]!.events.onMessage({
      kind: 'changed',
      tables: ['profiles'],
      version: { epoch: 4, commit: 1 },
      isOwn: false,
    });
    assert.deepEqual([epochs, tables], [[4], ['profiles']]);
    owners[0]!.answer();
    await asked;
  });

  it('closes after what is under way, and then rejects every call', async () => {
    const written = client.write([statement]);
    owners[0]!.ready();
    await turn();
    const closed = client.close();
    const late = rejection(client.read(question));
    assert.equal((await late).reason, 'store-stopped');
    await turn();
    assert.equal(owners[0]!.terminated, 0);
    owners[0]!.answer();
    await Promise.all([written, closed, client.close()]);
    assert.equal(owners[0]!.terminated, 1);
    await rejectsWith(client.write([statement]), 'INTERNAL_ERROR', 'store-stopped');
  });

  it('closes although the owner goes meanwhile, and without one', async () => {
    const outcome = rejection(client.write([statement]));
    owners[0]!.ready();
    await turn();
    const closed = client.close();
    owners[0]!.end();
    await closed;
    assert.equal((await outcome).details['outcome'], 'unknown');
    const idle = new StoreClient({
      connect: () => assert.fail('nothing was asked'),
      clientId: 'idle',
      clock: time,
      timers: time,
      log,
    });
    await idle.close();
    assert.equal(time.waiting, 0);
  });
});

async function rejection(promise: Promise<unknown>): Promise<EngineError> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof EngineError) return thrown;
  }
  throw new Error('It was not rejected with an EngineError');
}
