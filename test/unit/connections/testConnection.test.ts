import assert from 'node:assert/strict';
import { capabilityNames } from '../../../src/engine/connections/capabilities';
import { testConnection } from '../../../src/engine/connections/testConnection';
import { issuePermit, requirePermit, revokePermit } from '../../../src/engine/connections/writePermit';
import { EngineError } from '../../../src/engine/kernel/errors';
import { metaCapabilities, saslCapabilities } from '../../../src/providers/memcached/capabilities';
import { aProfile } from '../../helpers/ports';
import { fakeFactory, fakeProvider, type FakeProvider } from './fakeProvider';

const profile = aProfile(6379, { dbIndex: 4 });
const random = { id: () => 'id', next: () => 0 };
const secrets = { password: 'typed' };
const wrong = new EngineError('UNAUTHORIZED', 'wrong-password', 'wrong');
const busy = new EngineError('CONNECTION_FAILED', 'server-busy', 'LOADING', { retryable: true });

async function tested(open: () => FakeProvider | Promise<FakeProvider>) {
  const server = fakeFactory(open);
  return { report: await testConnection(server.factory, profile, secrets, random), ...server };
}

describe('a test of a connection', () => {
  it('opens a read-only session of its own, reports what it found, and closes it', async () => {
    const { report, requests, live } = await tested(() => fakeProvider({ ping: () => Promise.resolve(7) }));
    assert.ok(report.ok);
    assert.deepEqual([report.latencyMs, report.identity.product], [7, 'redis']);
    assert.deepEqual([requests[0]?.db, requests[0]?.secrets, requests[0]?.isReadOnly()], [4, secrets, true]);
    assert.equal(live(), 0);
  });

  it('G33: reports a wrong password at once, without another attempt', async () => {
    const { report, requests } = await tested(() => Promise.reject(wrong));
    assert.deepEqual([report.ok, !report.ok && report.error, requests.length], [false, wrong, 1]);
  });

  it('tries once more when the failure may pass', async () => {
    let opens = 0;
    const { report, requests } = await tested(() => (++opens === 1 ? Promise.reject(busy) : fakeProvider()));
    assert.deepEqual([report.ok, requests.length], [true, 2]);
  });

  it('closes the session when the server stops answering, and stands one that does not close', async () => {
    const mute = await tested(() => fakeProvider({ ping: () => Promise.reject(busy) }));
    assert.deepEqual([mute.report.ok, mute.live()], [false, 0]);
    const stuck = await tested(() => fakeProvider({ close: () => Promise.reject(new Error('stuck')) }));
    assert.equal(stuck.report.ok, true);
  });
});

describe('the capabilities of Memcached', () => {
  const dumpOff = new Map([['dump_enabled', 'no']]);
  const casOff = new Map([['cas_enabled', 'no']]);
  for (const [what, capabilities] of Object.entries({
    'over the meta protocol': metaCapabilities([new Map()]),
    'with -X': metaCapabilities([new Map(), dumpOff]),
    'with -C': metaCapabilities([casOff]),
    'over SASL': saslCapabilities,
  })) {
    it(`are told one by one ${what}, each that is missing with its reason`, () => {
      assert.deepEqual(Object.keys(capabilities).sort(), [...capabilityNames].sort());
      for (const state of Object.values(capabilities))
        assert.ok(state.available || /\w+ \w+/.test(state.reason), JSON.stringify(state));
    });
  }
});

describe('a write permit', () => {
  it('S41: is worth something only when issued, for its connection, until revoked', () => {
    const permit = issuePermit('here', 'request');
    requirePermit(permit, 'here');
    for (const [tried, at] of [
      [permit, 'elsewhere'],
      [{ ...permit }, 'here'],
      [JSON.parse(JSON.stringify(permit)) as typeof permit, 'here'],
    ] as const)
      assert.throws(() => {
        requirePermit(tried, at);
      }, isRefusal);
    revokePermit(permit);
    assert.throws(() => {
      requirePermit(permit, 'here');
    }, isRefusal);
  });

  it('cannot be turned to another connection', () => {
    const permit = issuePermit('here', 'request');
    assert.throws(() => Object.assign(permit, { connectionId: 'elsewhere' }), TypeError);
  });
});

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof EngineError && thrown.code === 'UNAUTHORIZED';
}
