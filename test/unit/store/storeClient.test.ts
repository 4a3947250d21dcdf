import assert from 'node:assert/strict';
import { EngineError } from '../../../src/engine/kernel/errors';
import { decodeGroup } from '../../../src/providers/store/journalRecord';
import { StoreClient } from '../../../src/providers/store/storeClient';
import type { StoreRequest } from '../../../src/providers/store/storeMessages';
import type { TransportEvents } from '../../../src/providers/store/storeTransport';
import { rejectsWith } from '../../helpers/rejects';
import { FakeTime, keptLog } from './storeFixture';

/** A worker whose answers the test gives. */
class FakeWorker {
  readonly sent: StoreRequest[][] = [];
  terminated = 0;

  constructor(readonly events: TransportEvents) {}

  send(requests: readonly StoreRequest[]): void {
    this.sent.push([...requests]);
  }

  terminate(): Promise<void> {
    this.terminated++;
    return Promise.resolve();
  }

  end(): void {
    this.events.onEnd(
      new EngineError('INTERNAL_ERROR', 'store-stopped', 'The store stopped', { retryable: true }),
    );
  }

  /** Answers that every write so far is saved. */
  save(): void {
    const numbers = this.sent.flat().flatMap((request) => (request.kind === 'writes' ? request.numbers : []));
    this.events.onMessage({ kind: 'replies', replies: [{ kind: 'saved', numbers }] });
  }
}

const statement = { sql: 'INSERT', params: [1] };

describe('The client of the store', () => {
  let workers: FakeWorker[];
  let client: StoreClient;
  let log: ReturnType<typeof keptLog>;

  beforeEach(() => {
    workers = [];
    log = keptLog();
    const connect = (events: TransportEvents): FakeWorker => {
      const worker = new FakeWorker(events);
      workers.push(worker);
      return worker;
    };
    client = new StoreClient({ connect, clientId: 'me', clock: new FakeTime(), log });
  });

  it('starts no worker before something is asked, and one for all that is asked', () => {
    assert.equal(workers.length, 0);
    void client.write([statement]);
    void client.read('SELECT 1');
    assert.equal(workers.length, 1);
  });

  it('sends what one turn asks in one message, the writes as one record with ids of their own', async () => {
    const writes = [1, 2, 3].map(async () => {
      await Promise.resolve();
      await client.write([statement]);
    });
    await new Promise(setImmediate);
    const [message, ...more] = workers[0]!.sent;
    assert.equal(more.length, 0);
    const [request] = message!;
    assert.equal(request?.kind, 'writes');
    const ids = decodeGroup(Buffer.from(request.record), 0)?.transactions.map(({ id }) => id);
    assert.deepEqual(ids, ['me/000000001', 'me/000000002', 'me/000000003']);
    workers[0]!.save();
    await Promise.all(writes);
  });

  it('splits a flood into records of a thousand', async () => {
    const writes = Array.from({ length: 2500 }, () => client.write([statement]));
    await new Promise(setImmediate);
    const sizes = workers[0]!.sent[0]!.map((request) =>
      request.kind === 'writes' ? request.numbers.length : 0,
    );
    assert.deepEqual(sizes, [1000, 1000, 500]);
    workers[0]!.save();
    await Promise.all(writes);
  });

  it('gives each caller its own answer', async () => {
    const rows = client.read('SELECT 1');
    const status = client.status();
    await new Promise(setImmediate);
    const error = {
      code: 'CONFLICT',
      reason: 'store-refused',
      message: 'no',
      retryable: false,
      details: {},
    } as const;
    const replies = [
      { number: 2, kind: 'error', error },
      { number: 1, kind: 'rows', rows: [[1]] },
      { number: 99, kind: 'rows', rows: [] },
    ] as const;
    workers[0]!.events.onMessage({
      kind: 'replies',
      replies: replies.map((reply) => ({ ...reply, rows: [[1]] })),
    });
    assert.deepEqual(await rows, [[1]]);
    await rejectsWith(status, 'CONFLICT', 'store-refused');
  });

  it('rejects an answer to another question', async () => {
    const [rows, status] = [client.read('SELECT 1'), client.status()];
    await new Promise(setImmediate);
    const replies = [1, 2].map((number) => ({ number, kind: 'closed' }) as const);
    workers[0]!.events.onMessage({ kind: 'replies', replies });
    await rejectsWith(rows, 'INTERNAL_ERROR', 'bug');
    await rejectsWith(status, 'INTERNAL_ERROR', 'bug');
  });

  it('rejects what is pending when the worker ends, and starts another with the next call', async () => {
    const [first, second] = [client.write([statement]), client.read('SELECT 1')];
    await new Promise(setImmediate);
    workers[0]!.end();
    await rejectsWith(first, 'INTERNAL_ERROR', 'store-stopped');
    await rejectsWith(second, 'INTERNAL_ERROR', 'store-stopped');
    assert.equal(workers.length, 1);
    const again = client.write([statement]);
    void client.read('SELECT 1');
    await new Promise(setImmediate);
    assert.equal(workers.length, 2);
    workers[1]!.save();
    await again;
    assert.deepEqual(log.lines, ['error The store worker ended']);
  });

  it('rejects what was asked in the same turn in which the worker ended', async () => {
    const write = client.write([statement]);
    workers[0]!.end();
    await rejectsWith(write, 'INTERNAL_ERROR', 'store-stopped');
    await new Promise(setImmediate);
    assert.deepEqual(workers[0]!.sent, []);
  });

  it('says why the worker could not open the store', async () => {
    const write = client.write([statement]);
    const error = {
      code: 'INTERNAL_ERROR',
      reason: 'bug',
      message: 'no room',
      retryable: false,
      details: {},
    } as const;
    workers[0]!.events.onMessage({ kind: 'failed', error });
    workers[0]!.end();
    assert.equal((await rejectsWith(write, 'INTERNAL_ERROR', 'bug')).message, 'no room');
  });

  it('passes on roles and the log', () => {
    const roles: string[] = [];
    const subscription = client.onRole((role) => roles.push(role));
    void client.read('SELECT 1');
    workers[0]!.events.onMessage({ kind: 'role', role: 'owner' });
    subscription.dispose();
    workers[0]!.events.onMessage({ kind: 'role', role: 'reader' });
    workers[0]!.events.onMessage({ kind: 'log', level: 'warn', message: 'careful' });
    assert.deepEqual([roles, log.lines], [['owner'], ['warn careful']]);
  });

  it('closes after what is under way, and then rejects every call', async () => {
    const write = client.write([statement]);
    const lost = client.read('SELECT 1');
    const closed = client.close();
    await new Promise(setImmediate);
    workers[0]!.save();
    workers[0]!.events.onMessage({ kind: 'replies', replies: [{ kind: 'closed', number: 3 }] });
    await closed;
    await write;
    await rejectsWith(lost, 'INTERNAL_ERROR', 'store-stopped');
    await rejectsWith(client.read('SELECT 1'), 'INTERNAL_ERROR', 'store-stopped');
    await client.close();
    assert.equal(workers[0]!.terminated, 1);
  });

  it('closes although the worker ends meanwhile, and without one', async () => {
    const write = client.write([statement]);
    const closed = client.close();
    workers[0]!.end();
    await closed;
    await rejectsWith(write, 'INTERNAL_ERROR', 'store-stopped');
    assert.deepEqual(log.lines, ['warn The store worker had to be ended']);
  });

  it('never started closes without starting', async () => {
    await client.close();
    assert.equal(workers.length, 0);
  });
});
