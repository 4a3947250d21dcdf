import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { parseConnectionUrl } from '../../../src/engine/connections/connectionUrl';
import { EngineError } from '../../../src/engine/kernel/errors';

/** What matters of a parsed URL, short enough for a table. */
function read(text: string): object {
  const { draft, secrets } = parseConnectionUrl(text);
  const [endpoint] = draft.endpoints;
  const where = endpoint?.kind === 'unix' ? endpoint.path : `${endpoint?.host} ${endpoint?.port}`;
  const { username = '', method } = draft.auth;
  return [draft.engine, where, draft.dbIndex, draft.tls.enabled, method, username, secrets.password ?? ''];
}

const rows: readonly [url: string, ...unknown[]][] = [
  ['redis://host', 'redis', 'host 6379', 0, false, 'none', '', ''],
  ['  rediss://host:7000/3 \n', 'redis', 'host 7000', 3, true, 'none', '', ''],
  ['REDIS://host', 'redis', 'host 6379', 0, false, 'none', '', ''],
  ['valkeys://host?db=4', 'redis', 'host 6379', 4, true, 'none', '', ''],
  ['redis://:pw@host', 'redis', 'host 6379', 0, false, 'password', '', 'pw'],
  ['redis://app:pw@host', 'redis', 'host 6379', 0, false, 'password', 'app', 'pw'],
  ['redis://app@host', 'redis', 'host 6379', 0, false, 'password', 'app', ''],
  ['redis://a%3Ab:p%40%2F%25@host', 'redis', 'host 6379', 0, false, 'password', 'a:b', 'p@/%'],
  ['redis://app:a:b@host', 'redis', 'host 6379', 0, false, 'password', 'app', 'a:b'],
  ['redis://[::1]:6380', 'redis', '::1 6380', 0, false, 'none', '', ''],
  ['memcached://host', 'memcached', 'host 11211', 0, false, 'none', '', ''],
  ['memcacheds://u:pw@host:1/7', 'memcached', 'host 1', 0, true, 'password', 'u', 'pw'],
  ['unix:/run/redis.sock', 'redis', '/run/redis.sock', 0, false, 'none', '', ''],
  ['unix:///run/redis.sock?db=2', 'redis', '/run/redis.sock', 2, false, 'none', '', ''],
  [
    'redis+unix://u:a:b@/run/my%20redis.sock',
    'redis',
    '/run/my redis.sock',
    0,
    false,
    'password',
    'u',
    'a:b',
  ],
];

describe('a pasted address', () => {
  for (const [url, ...expected] of rows) {
    it(`${url.trim()} is read`, () => {
      assert.deepEqual(read(url), expected);
    });
  }

  it('leaves no password in what may be stored', () => {
    const part = fc.string({ minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(part, part, (user, rest) => {
        const password = `canary-${rest}`;
        const url = `redis://${encodeURIComponent(user)}:${encodeURIComponent(password)}@host`;
        const { draft, secrets } = parseConnectionUrl(url);
        assert.deepEqual([draft.auth.username, secrets], [user, { password }]);
        assert.doesNotMatch(JSON.stringify(draft), /canary/);
      }),
    );
  });

  const wrong = [
    '', 'host', 'host:6379', 'http://user:canary@host', 'redis://', 'redis:///0', 'redis:user:canary@host',
    'redis://user:canary@', 'redis://user:canary@host:99999', 'redis://user:canary@host/zero',
    'redis://user:canary@host?db=-1', 'redis://user:canary%@host', 'redis://user:canary%zz@host',
    'redis://user:canary@ho%zzst', 'redis://user:canary@[::1', 'unix:canary', 'unix://user:canary%@/s',
    'unix:/canary?db=x', 'redis://user:canary@host/1/2', 'javascript:canary', 'file:///canary',
  ]; // prettier-ignore
  for (const url of wrong) {
    it(`${url === '' ? 'nothing' : url} is refused without being quoted`, () => {
      const error = failureOf(url);
      assert.equal(error.code, 'VALIDATION_ERROR');
      assert.doesNotMatch(inspect(error, { depth: 10 }).replace(error.stack ?? '', error.message), /canary/);
    });
  }

  const unencoded = [
    '57#canary',
    '?canary',
    '57?canary',
    '/canary',
    '12/34canary',
    'can#ary/@?',
    '#canary',
    '#',
  ];
  for (const scheme of ['redis', 'rediss', 'valkey', 'memcached']) {
    for (const password of unencoded) {
      it(`is refused with what to write when ${password} stands in a ${scheme} password as it is`, () => {
        for (const user of ['', 'default']) {
          const error = failureOf(`${scheme}://${user}:${password}@127.0.0.1:6399/0`);
          assert.match(error.message, /%2F for \/, %3F for \?, %23 for #/);
          assert.doesNotMatch(
            inspect(error, { depth: 10 }).replace(error.stack ?? '', error.message),
            /canary|57|34/,
          );
        }
      });
    }
  }

  it('is refused with what to write when a # begins a fragment, or a socket stands behind an unencoded password', () => {
    for (const url of [
      'redis://host#canary',
      'redis://default:57#canary',
      'unix://:ca/nary@/run/redis.sock',
      'redis+unix://:c?a@/s',
    ])
      assert.match(failureOf(url).message, /%2F for/, url);
  });

  it('says that the host or the port is wrong, not the scheme', () => {
    for (const url of ['redis://user:canary@host:99999', 'redis://user:canary@[::1'])
      assert.equal(failureOf(url).message, 'The host or the port in the address cannot be read');
  });

  it('is read or refused as invalid, whatever it is, and never quoted', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.string().map((rest) => `redis://canary:${rest}`),
      fc.string().map((rest) => `unix:canary${rest}`),
    );
    fc.assert(
      fc.property(anything, (text) => {
        try {
          parseConnectionUrl(text);
        } catch (thrown) {
          assert.ok(thrown instanceof EngineError && thrown.code === 'VALIDATION_ERROR', String(thrown));
          assert.doesNotMatch(thrown.message, /canary/);
          assert.equal(thrown.cause, undefined);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function failureOf(url: string): EngineError {
  try {
    parseConnectionUrl(url);
  } catch (thrown) {
    assert.ok(thrown instanceof EngineError, String(thrown));
    return thrown;
  }
  throw new assert.AssertionError({ message: `${url} was read` });
}
