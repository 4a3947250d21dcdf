import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  contradiction,
  endpointLabel,
  parseProfile,
  profileDefaults,
  secretRef,
  type ConnectionProfile,
} from '../../../src/engine/connections/profile';
import { EngineError } from '../../../src/engine/kernel/errors';
import { aProfile } from '../../helpers/ports';

const valid = aProfile(6379);
const tcp = { kind: 'tcp', host: 'localhost', port: 6379 } as const;
const socket = { kind: 'unix', path: '/run/redis.sock' } as const;
const sasl = { method: 'sasl', username: 'u', secret: 'stored' } as const;
const password = { method: 'password', secret: 'stored' } as const;

/** The field that a parse complains about; undefined when it does not. */
function wrongField(changes: object): unknown {
  try {
    parseProfile({ ...valid, ...changes });
    return undefined;
  } catch (thrown) {
    assert.ok(thrown instanceof EngineError && thrown.code === 'VALIDATION_ERROR', String(thrown));
    return thrown.details['field'];
  }
}

const accepted: Record<string, object> = {
  'the shortest and longest timeout': { timeoutMs: 100 },
  'a timeout of two minutes': { timeoutMs: 120_000 },
  'an IPv6 address': { endpoints: [{ ...tcp, host: 'fe80::1%eth0' }] },
  'the last port': { endpoints: [{ ...tcp, port: 65_535 }] },
  'a Unix socket': { endpoints: [socket] },
  'a name of 100 characters': { name: 'x'.repeat(100) },
  'a name in any script': { name: 'プロダクション 😀' },
  '20 tags': { tags: Array.from({ length: 20 }, (_, i) => `tag ${i}`) },
  'a position between two others': { order: 0.5 },
  'several Memcached servers': { engine: 'memcached', endpoints: [tcp, { ...tcp, port: 2 }] },
  'a client certificate with its key': { tls: { ...valid.tls, certificateFile: 'c', keyFile: 'k' } },
};

const refused: Record<string, [field: string, changes: object]> = {
  'no id': ['id', { id: '' }],
  'an id of 65 characters': ['id', { id: 'x'.repeat(65) }],
  'a blank name': ['name', { name: ' \t ' }],
  'a name of 101 characters': ['name', { name: 'x'.repeat(101) }],
  'no server': ['endpoints', { endpoints: [] }],
  '65 servers': ['endpoints', { engine: 'memcached', endpoints: Array.from({ length: 65 }, () => tcp) }],
  'port 0': ['endpoints.0.port', { endpoints: [{ ...tcp, port: 0 }] }],
  'port 65536': ['endpoints.0.port', { endpoints: [{ ...tcp, port: 65_536 }] }],
  'half a port': ['endpoints.0.port', { endpoints: [{ ...tcp, port: 1.5 }] }],
  'a port as text': ['endpoints.0.port', { endpoints: [{ ...tcp, port: '6379' }] }],
  'credentials in the host': ['endpoints.0.host', { endpoints: [{ ...tcp, host: 'user:pw@host' }] }],
  'a URL as host': ['endpoints.0.host', { endpoints: [{ ...tcp, host: 'redis://host' }] }],
  'a line break in the host': ['endpoints.0.host', { endpoints: [{ ...tcp, host: 'a\nb' }] }],
  'a port in the host': ['endpoints.0.host', { endpoints: [{ ...tcp, host: 'localhost:6380' }] }],
  'an IPv6 address in brackets': ['endpoints.0.host', { endpoints: [{ ...tcp, host: '[::1]' }] }],
  'an empty socket path': ['endpoints.0.path', { endpoints: [{ ...socket, path: '' }] }],
  'an unknown engine': ['engine', { engine: 'mysql' }],
  'an unknown environment': ['environment', { environment: 'production' }],
  'a topology that is not served': ['topology', { topology: 'cluster' }],
  'a negative database': ['dbIndex', { dbIndex: -1 }],
  'a database beyond a million': ['dbIndex', { dbIndex: 1_000_001 }],
  'a timeout of 99 ms': ['timeoutMs', { timeoutMs: 99 }],
  'a timeout above two minutes': ['timeoutMs', { timeoutMs: 120_001 }],
  'an endless timeout': ['timeoutMs', { timeoutMs: Infinity }],
  'no attempt': ['retry.maxAttempts', { retry: { ...valid.retry, maxAttempts: 0 } }],
  '11 attempts': ['retry.maxAttempts', { retry: { ...valid.retry, maxAttempts: 11 } }],
  'a wait below 0': ['retry.backoffMs', { retry: { ...valid.retry, backoffMs: -1 } }],
  'an error rate above 1': ['retry.abortOnErrorRate', { retry: { ...valid.retry, abortOnErrorRate: 1.1 } }],
  '21 tags': ['tags', { tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }],
  'an empty tag': ['tags.0', { tags: [''] }],
  'a read-only flag as text': ['readOnly', { readOnly: 'false' }],
  'several Redis servers': ['endpoints', { endpoints: [tcp, tcp] }],
  'SASL with Redis': ['auth.method', { auth: sasl }],
  'a database with Memcached': ['dbIndex', { engine: 'memcached', dbIndex: 1 }],
  'G32: SASL behind a TLS switch': [
    'auth.method',
    { engine: 'memcached', auth: sasl, tls: { ...valid.tls, enabled: true } },
  ],
  'SASL over a socket': ['auth.method', { engine: 'memcached', auth: sasl, endpoints: [socket] }],
  'a Memcached password without a user': ['auth.username', { engine: 'memcached', auth: password }],
  'a client certificate without its key': ['tls.keyFile', { tls: { ...valid.tls, certificateFile: 'c' } }],
  'a client key without its certificate': ['tls.keyFile', { tls: { ...valid.tls, keyFile: 'k' } }],
};

describe('a connection profile', () => {
  for (const [what, changes] of Object.entries(accepted)) {
    it(`may have ${what}`, () => {
      assert.equal(wrongField(changes), undefined);
    });
  }
  for (const [what, [field, changes]] of Object.entries(refused)) {
    it(`may not have ${what}`, () => {
      assert.equal(wrongField(changes), field);
    });
  }

  it('keeps nothing it does not know: a password in an unknown field is dropped', () => {
    const parsed = parseProfile({
      ...valid,
      password: 'canary',
      auth: { ...valid.auth, password: 'canary' },
      endpoints: [{ ...tcp, password: 'canary' }],
      tls: { ...valid.tls, keyPassphrase: 'canary' },
    });
    assert.deepEqual(parsed, { ...valid, endpoints: [tcp] });
  });

  it('takes nothing from a prototype and pollutes none', () => {
    const text = JSON.stringify(valid).replace('{', '{"__proto__":{"readOnly":true,"polluted":1},');
    const parsed = parseProfile(JSON.parse(text));
    assert.deepEqual([parsed.readOnly, 'polluted' in parsed, 'polluted' in {}], [false, false, false]);
    assert.equal(wrongField({ name: undefined, ['__proto__']: { name: 'x' } }), 'name');
  });

  it('is the same when parsed again', () => {
    const text = fc.string({ minLength: 1, maxLength: 40 }).filter((given) => given.trim() !== '');
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 20 }), fc.boolean(), (name, tags, readOnly) => {
        const once = parseProfile({ ...valid, name, tags, readOnly });
        assert.deepEqual(parseProfile(structuredClone(once)), once);
      }),
    );
  });

  it('starts from defaults without a contradiction, for both engines', () => {
    for (const engine of ['redis', 'memcached'] as const) {
      const profile: ConnectionProfile = { ...valid, ...profileDefaults(engine) };
      assert.deepEqual(parseProfile(profile), profile);
      assert.equal(contradiction(profile), undefined);
    }
  });

  it('names its server without credentials, IPv6 in brackets', () => {
    assert.equal(endpointLabel(tcp), 'localhost:6379');
    assert.equal(endpointLabel({ ...tcp, host: '::1' }), '[::1]:6379');
    assert.equal(endpointLabel(socket), 'unix:/run/redis.sock');
    assert.notEqual(secretRef('a'), secretRef('b'));
  });
});
