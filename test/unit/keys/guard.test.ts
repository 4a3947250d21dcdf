import assert from 'node:assert/strict';
import { requirePermit, type WritePermit } from '../../../src/engine/connections/writePermit';
import { rejectsWith } from '../../helpers/rejects';
import { aRequest, gateOver, lost } from './writeFixture';

const never = (): Promise<never> => Promise.reject(new Error('The act was run'));
const prod = { environment: 'prod' } as const;

describe('the write gate', () => {
  const locks = [
    ['read-only', { readOnly: true }, true],
    ['read-only-forced', { forceReadOnly: true }, true],
    ['read-only-forced', { forceReadOnly: true, readOnly: true }, true],
    ['untrusted', {}, false],
  ] as const;
  for (const [reason, profile, isTrusted] of locks) {
    it(`refuses and records every write, and opens nothing: ${reason} ${JSON.stringify(profile)}`, async () => {
      const { gate, connection, server, statuses, history } = await gateOver({}, profile, { isTrusted });
      for (const destructive of [true, false]) {
        const request = aRequest({ destructive, confirmedName: 'Shop' });
        await rejectsWith(gate.run(request, never), 'UNAUTHORIZED', reason);
      }
      assert.equal(gate.lock(connection)?.reason, reason);
      assert.deepEqual([await statuses(), server.requests.length], [['blocked', 'blocked'], 0]);
      assert.equal(history.events[0]?.errorCode, 'UNAUTHORIZED');
    });
  }

  it('G24: refuses a destructive act on prod until its very name was typed', async () => {
    const { gate, statuses } = await gateOver({}, prod);
    for (const confirmedName of [undefined, '', 'shop', 'Shop ', 'prod']) {
      const request = aRequest({ destructive: true, ...(confirmedName !== undefined && { confirmedName }) });
      await rejectsWith(gate.run(request, never), 'UNAUTHORIZED', 'unconfirmed');
    }
    const agreed = aRequest({ destructive: true, confirmedName: 'Shop' });
    assert.equal(await gate.run(agreed, () => Promise.resolve('done')), 'done');
    assert.deepEqual((await statuses()).slice(-2), ['blocked', 'success']);
  });

  it('lets other writes on prod, and destructive ones elsewhere, pass without a name', async () => {
    for (const [environment, destructive] of [
      ['prod', false],
      ['staging', true],
      ['dev', true],
    ] as const) {
      const { gate } = await gateOver({}, { environment });
      assert.equal(await gate.run(aRequest({ destructive }), () => Promise.resolve(1)), 1);
    }
  });

  it('is closed as soon as the profile or the trust says so', async () => {
    const trust = { isTrusted: true };
    const { gate, connection } = await gateOver({}, {}, trust);
    assert.equal(gate.lock(connection), undefined);
    trust.isTrusted = false;
    await rejectsWith(gate.run(aRequest(), never), 'UNAUTHORIZED', 'untrusted');
    trust.isTrusted = true;
    connection.profile = { ...connection.profile, readOnly: true };
    await rejectsWith(gate.run(aRequest(), never), 'UNAUTHORIZED', 'read-only');
  });

  it('G30: applies a submission once, however often and whenever it comes', async () => {
    const { gate, statuses } = await gateOver();
    let applied = 0;
    const act = async () => {
      await new Promise(setImmediate);
      return ++applied;
    };
    const request = aRequest();
    const both = await Promise.all([gate.run(request, act), gate.run(request, act)]);
    const later = await gate.run({ ...request }, act);
    assert.deepEqual([both, later, applied], [[1, 1], 1, 1]);
    assert.equal(await gate.run(aRequest(), act), 2, 'another submission is another act');
    assert.deepEqual(await statuses(), ['success', 'success']);
  });

  it('G30: gives a repeated submission the failure of the first', async () => {
    const { gate } = await gateOver();
    const request = aRequest();
    const fail = () => Promise.reject(lost);
    await rejectsWith(gate.run(request, fail), 'TIMEOUT', 'timeout');
    await rejectsWith(gate.run(request, never), 'TIMEOUT', 'timeout');
  });

  it('G30: still knows a submission after hundreds of others', async () => {
    const { gate } = await gateOver();
    const request = aRequest();
    await gate.run(request, () => Promise.resolve());
    for (let i = 0; i < 400; i++) await gate.run(aRequest(), () => Promise.resolve());
    await gate.run(request, never);
  });

  it('S41: revokes the permit when the act is over, also when it failed', async () => {
    const { gate } = await gateOver();
    const leaked: WritePermit[] = [];
    const keep = (permit: WritePermit): void => {
      requirePermit(permit, 'c');
      leaked.push(permit);
    };
    await gate.run(aRequest(), ({ permit }) => {
      keep(permit);
      return Promise.resolve();
    });
    const failing = gate.run(aRequest(), ({ permit }) => {
      keep(permit);
      return Promise.reject(lost);
    });
    await rejectsWith(failing, 'TIMEOUT', 'timeout');
    assert.equal(leaked.length, 2);
    for (const permit of leaked)
      assert.throws(() => {
        requirePermit(permit, 'c');
      }, /without a permit/);
  });

  it('works in the database of the request, and records what was touched and where', async () => {
    const { gate, server, history, statuses } = await gateOver({}, prod);
    await gate.run(aRequest({ db: 7, namespace: 'sessions' }), () => Promise.resolve());
    await gate.run(aRequest({ db: 3 }), () => Promise.resolve());
    assert.deepEqual(
      server.requests.map(({ db }) => db),
      [0, 7, 3],
    );
    assert.deepEqual(await statuses(), ['success', 'success']);
    const where = history.events.map(({ namespace, environment, keyOrPattern }) => [
      namespace,
      environment,
      keyOrPattern,
    ]);
    assert.deepEqual(where, [
      ['sessions', 'prod', 'user:1'],
      ['db 3', 'prod', 'user:1'],
    ]);
  });

  it('refuses a connection that was deleted', async () => {
    const { gate } = await gateOver();
    await rejectsWith(gate.run(aRequest({ connectionId: 'gone' }), never), 'VALIDATION_ERROR', 'gone');
  });
});
