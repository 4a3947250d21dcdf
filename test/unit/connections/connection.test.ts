import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { Connection } from '../../../src/engine/connections/connection';
import type { OpenRequest } from '../../../src/engine/connections/cacheProvider';
import { SecretResolver } from '../../../src/engine/connections/secretResolver';
import { EngineError } from '../../../src/engine/kernel/errors';
import { aProfile, memoryLog, memoryVault } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { fakeFactory, fakeProvider, type FakeProvider } from './fakeProvider';

const lost = () => new EngineError('CONNECTION_FAILED', 'dropped', 'lost', { retryable: true });
const late = () => new EngineError('TIMEOUT', 'timeout', 'late', { retryable: true });
const wrong = () => new EngineError('UNAUTHORIZED', 'wrong-password', 'wrong');

function connectionTo(
  open: (request: OpenRequest) => Promise<FakeProvider> | FakeProvider = () => fakeProvider(),
  profile = aProfile(6379),
) {
  const server = fakeFactory(open);
  const log = memoryLog();
  const asked: string[] = [];
  const secrets = new SecretResolver({
    vault: memoryVault(),
    ask: (_, why) => {
      asked.push(JSON.stringify(why));
      return Promise.resolve({ password: 'given' });
    },
    log,
  });
  const factories = {
    redis: () => Promise.resolve(server.factory),
    memcached: () => Promise.reject(new Error('not this engine')),
  };
  const random = { id: () => 'id', next: () => 0 };
  let time = 0;
  const clock = { now: () => time, monotonic: () => time };
  /** Has a second pass, and everything happen that it brings. */
  const passSecond = async (): Promise<void> => {
    time += 1000;
    mock.timers.tick(1000);
    await settle();
  };
  const connection = new Connection(profile, {
    factories,
    secrets,
    clock,
    random,
    log,
    isTrusted: () => true,
  });
  const states: string[] = [];
  connection.onChange(({ state, cause }) => states.push(cause ? `${state} ${cause.reason}` : state));
  return { connection, server, states, asked, passSecond };
}

/** Lets everything that waits for no timer happen. */
const settle = () => new Promise(setImmediate);

describe('a connection', () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => {
    mock.timers.reset();
  });

  it('connects, joins a connect that is under way, and closes every session', async () => {
    const { connection, server, states } = connectionTo();
    await Promise.all([connection.connect(), connection.connect(), connection.provider(0)]);
    await connection.provider(3);
    assert.deepEqual(
      server.requests.map(({ db }) => db),
      [0, 3],
    );
    await connection.disconnect();
    assert.deepEqual([states, server.live()], [['connecting', 'connected', 'unknown'], 0]);
  });

  it('is unreachable when the server did not answer, and unknown when it refused the password', async () => {
    for (const [thrown, state] of [
      [lost(), 'unreachable'],
      [late(), 'unreachable'],
      [wrong(), 'unknown'],
      [new EngineError('VALIDATION_ERROR', 'invalid', 'no such database'), 'unknown'],
      [new EngineError('INTERNAL_ERROR', 'server-error', 'refused'), 'unknown'],
    ] as const) {
      const { connection, states } = connectionTo(() => Promise.reject(thrown));
      await rejectsWith(connection.connect(), thrown.code, thrown.reason);
      assert.deepEqual(states, ['connecting', `${state} ${thrown.reason}`]);
      assert.equal(connection.isOpen, state !== 'unknown');
      assert.equal(connection.isRetrying, false, 'nothing tries a first connect again');
    }
  });

  it('asks for the password again after a wrong one', async () => {
    const profile = aProfile(6379, { auth: { method: 'password', secret: 'ask' } });
    let fails = true;
    const { connection, asked } = connectionTo(
      () => (fails ? Promise.reject(wrong()) : fakeProvider()),
      profile,
    );
    await rejectsWith(connection.connect(), 'UNAUTHORIZED', 'wrong-password');
    fails = false;
    await connection.connect();
    assert.deepEqual([asked.length, connection.health.state], [2, 'connected']);
  });

  it('disconnected while it connects, leaves no session and does not end as connected', async () => {
    let answer: (provider: FakeProvider) => void = () => undefined;
    const { connection, server, states } = connectionTo(() => new Promise((resolve) => (answer = resolve)));
    const connecting = rejectsWith(connection.connect(), 'TIMEOUT', 'cancelled');
    await settle();
    const disconnecting = connection.disconnect();
    answer(fakeProvider());
    await Promise.all([connecting, disconnecting]);
    assert.deepEqual([states, server.live(), server.opened.length], [['connecting', 'unknown'], 0, 1]);
  });

  it('disconnected while it connects, does not let the late failure touch a new connect', async () => {
    let fail: (error: Error) => void = () => undefined;
    let first = true;
    const { connection, states } = connectionTo(() => {
      if (!first) return fakeProvider();
      first = false;
      return new Promise<FakeProvider>((_, reject) => (fail = reject));
    });
    const connecting = assert.rejects(connection.connect());
    await settle();
    const disconnecting = connection.disconnect();
    await connection.connect();
    fail(lost());
    await Promise.all([connecting, disconnecting]);
    assert.deepEqual(states, ['connecting', 'unknown', 'connecting', 'connected']);
  });

  it('disconnected while the person is asked, sends their answer nowhere', async () => {
    const profile = aProfile(6379, { auth: { method: 'password', secret: 'ask' } });
    const { connection, server } = connectionTo(undefined, profile);
    const connecting = rejectsWith(connection.connect(), 'TIMEOUT', 'cancelled');
    await Promise.all([connection.disconnect(), connecting]);
    assert.equal(server.requests.length, 0);
  });

  it('is degraded by a timeout and well again by the next answer', async () => {
    const { connection, states } = connectionTo();
    await connection.connect();
    await rejectsWith(
      connection.watched(() => Promise.reject(late())),
      'TIMEOUT',
      'timeout',
    );
    await connection.watched(() => Promise.resolve());
    assert.deepEqual(states.slice(2), ['degraded timeout', 'connected']);
    await connection.disconnect();
  });

  it('stays connected when a call fails for a reason of its own', async () => {
    const { connection, states } = connectionTo();
    await connection.connect();
    const refused = new EngineError('CONFLICT', 'wrong-type', 'WRONGTYPE');
    await assert.rejects(connection.watched(() => Promise.reject(refused)));
    assert.deepEqual(states, ['connecting', 'connected']);
    await connection.disconnect();
  });

  it('is unreachable while the socket is lost, and connected as soon as a try answers', async () => {
    let down = false;
    const provider = fakeProvider({ ping: () => (down ? Promise.reject(lost()) : Promise.resolve(1)) });
    const { connection, states } = connectionTo(() => provider);
    await connection.connect();
    down = true;
    provider.link({ up: false, cause: lost(), attempt: 1 });
    mock.timers.tick(250);
    await settle();
    assert.deepEqual([connection.health.state, connection.isRetrying], ['unreachable', true]);
    down = false;
    mock.timers.tick(500);
    await settle();
    assert.deepEqual(states.slice(2), ['unreachable dropped', 'connected']);
    mock.timers.tick(600_000);
    await settle();
    await connection.disconnect();
  });

  it('is connected as soon as the provider says that its link is back', async () => {
    const provider = fakeProvider();
    const { connection, states } = connectionTo(() => provider);
    await connection.connect();
    provider.link({ up: false, cause: late(), attempt: 1 });
    provider.link({ up: true });
    assert.deepEqual(states.slice(2), ['degraded timeout', 'connected']);
    await connection.disconnect();
  });

  it('ends its tries after their number, in about six minutes, and stays unreachable', async () => {
    let pings = 0;
    const ping = () => {
      pings++;
      return Promise.reject(lost());
    };
    const provider = fakeProvider({ ping });
    const { connection } = connectionTo(() => provider);
    await connection.connect();
    for (let i = 0; i < 5; i++) provider.link({ up: false, cause: lost(), attempt: i });
    for (let second = 0; second < 600; second++) {
      mock.timers.tick(1000);
      await settle();
    }
    assert.deepEqual([pings, connection.health.state, connection.isRetrying], [20, 'unreachable', false]);
    await connection.disconnect();
  });

  it('tries ever later, and with an end, a server that answers each try and is lost again at once', async () => {
    const tries: number[] = [];
    let second = 0;
    const ping = () => {
      tries.push(second);
      void settle().then(lose);
      return Promise.resolve(1);
    };
    const provider = fakeProvider({ ping });
    const lose = () => {
      provider.link({ up: false, cause: lost(), attempt: 1 });
    };
    const { connection, passSecond } = connectionTo(() => provider);
    await connection.connect();
    lose();
    for (; second < 1200; second++) {
      await passSecond();
      await settle();
    }
    assert.equal(tries.length, 20);
    assert.deepEqual([connection.health.state, connection.isRetrying], ['unreachable', false]);
    await connection.disconnect();
  });

  it('tries from the start again once the server has stayed, and once the person connects', async () => {
    let pings = 0;
    let stays = false;
    const ping = () => {
      pings++;
      if (!stays) void settle().then(lose);
      return Promise.resolve(1);
    };
    const provider = fakeProvider({ ping });
    const lose = () => {
      provider.link({ up: false, cause: lost(), attempt: 1 });
    };
    const { connection, passSecond } = connectionTo(() => provider);
    const pass = async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second++) {
        await passSecond();
        await settle();
      }
    };
    await connection.connect();
    lose();
    await pass(1200);
    stays = true;
    await connection.connect();
    lose();
    await pass(1);
    assert.deepEqual([pings, connection.health.state], [22, 'connected'], 'the person connected');
    await pass(30);
    stays = false;
    lose();
    await pass(1200);
    assert.equal(pings, 42, 'it had stayed');
    await connection.disconnect();
  });

  it('does not call itself connected by a session whose server is gone', async () => {
    let down = false;
    const ping = () => (down ? Promise.reject(lost()) : Promise.resolve(1));
    const provider = fakeProvider({ ping });
    const { connection, states } = connectionTo(() => provider);
    await connection.connect();
    down = true;
    provider.link({ up: false, cause: lost(), attempt: 1 });
    await rejectsWith(connection.connect(), 'CONNECTION_FAILED', 'dropped');
    assert.deepEqual(states.slice(2), ['unreachable dropped', 'connecting', 'unreachable dropped']);
    await connection.disconnect();
  });

  it('tries no longer once disconnected, and hears no link of an old session', async () => {
    let pings = 0;
    const provider = fakeProvider({ ping: () => Promise.resolve(++pings) });
    const { connection, states } = connectionTo(() => provider);
    await connection.connect();
    provider.link({ up: false, cause: lost(), attempt: 1 });
    await connection.disconnect();
    provider.link({ up: true });
    provider.link({ up: false, cause: lost(), attempt: 2 });
    mock.timers.tick(600_000);
    await settle();
    assert.deepEqual([pings, states.at(-1), provider.closed], [0, 'unknown', 1]);
  });

  it('connects by a read, so that no session is open behind a connection that looks closed', async () => {
    const { connection, server, states } = connectionTo();
    const { value } = await connection.read(2, (reader) => Promise.resolve(reader.identity.product));
    assert.deepEqual([value, states], ['redis', ['connecting', 'connected']]);
    await connection.disconnect();
    assert.equal(server.live(), 0);
  });

  it('closes every session even when one does not close cleanly', async () => {
    const { connection, server } = connectionTo(({ db }) =>
      fakeProvider(db === 0 ? { close: () => Promise.reject(new Error('stuck')) } : {}),
    );
    await connection.provider(0);
    await connection.provider(1);
    await connection.disconnect();
    assert.deepEqual([server.opened[1]?.closed, connection.health.state], [1, 'unknown']);
  });

  it('retries a read by the policy of its profile, and opens a failed session anew', async () => {
    const retry = { maxAttempts: 3, backoffMs: 0, backoffStrategy: 'fixed', abortOnErrorRate: 1 } as const;
    let opens = 0;
    const { connection } = connectionTo(
      ({ db }) => (db === 1 && ++opens < 3 ? Promise.reject(lost()) : fakeProvider()),
      aProfile(6379, { retry }),
    );
    await connection.connect();
    const read = connection.read(1, () => Promise.resolve('value'));
    for (let i = 0; i < 10; i++) {
      await settle();
      mock.timers.tick(1);
    }
    assert.deepEqual(await read, { value: 'value', attempts: 3 });
    await connection.disconnect();
  });

  it('tells a session that it is read-only as the profile and the trust stand now', async () => {
    const { connection, server } = connectionTo();
    await connection.connect();
    const isReadOnly = () => server.requests.map((request) => request.isReadOnly());
    assert.deepEqual(isReadOnly(), [false]);
    connection.profile = { ...connection.profile, readOnly: true };
    assert.deepEqual(isReadOnly(), [true]);
    await connection.disconnect();
  });
});
