import assert from 'node:assert/strict';
import fc from 'fast-check';
import { replyError } from '../../../src/providers/redis/redisErrors';
import { throwIfError } from '../../../src/providers/memcached/replies';
import { hidden, redactCommand, redactText } from '../../../src/engine/kernel/redact';

const secret = 'canary-S3cret';

/** Settings that a server marks as sensitive, or hides in its own log of slow commands. */
const secretSettings = [
  'requirepass', 'masterauth', 'masteruser', 'tls-key-file-pass', 'tls-client-key-file-pass', // Redis, config.c
  'primaryauth', 'primaryuser', // Valkey, config.c
  'auth-pass', 'auth-user', 'sentinel-pass', 'sentinel-user', // Sentinel, sentinel.c
  'oss_global_password', 'search-oss-global-password', // RediSearch
]; // prettier-ignore

/** Texts as servers, libraries and people write them, with a secret in each. */
const leaks: readonly string[] = [
  `connect to redis://user:${secret}@host:6379/0 failed`,
  `connect to rediss://:${secret}@host failed`,
  `redis://:p@${secret}@host`,
  `redis://:a/${secret}@host`,
  `"redis://u:${secret}@h1,redis://u:${secret}@h2"`,
  `redis+unix://:${secret}@/run/redis.sock`,
  `unix:user:${secret}@/run/redis.sock`,
  `AUTH ${secret}`,
  `auth user ${secret}`,
  `ERR on HELLO 3 AUTH user ${secret} SETNAME me`,
  `HELLO 3 SETNAME me AUTH user ${secret}`,
  `["AUTH","user","${secret}"]`,
  `command: { name: 'auth', args: [ 'user', '${secret}' ] }`,
  `CONFIG SET requirepass ${secret}`,
  `config set masterauth "${secret}"`,
  `["CONFIG","SET","requirepass","${secret}"]`,
  `ACL SETUSER bob on >${secret} ~*`,
  `ACL SETUSER bob #${secret} <${secret}`,
  `["ACL","SETUSER","bob",">${secret}"]`,
  `{"password":"${secret}"}`,
  `{"password": "quote \\" ${secret}"}`,
  `{ password: '${secret}', user: 'x' }`,
  `password=${secret}&db=1`,
  `passphrase = ${secret}`,
  `password=with,comma,${secret}`,
  `api_key: ${secret}`,
  `Authorization: Bearer ${secret}`,
  `"authorization": "Basic ${secret}"`,
  `Cookie: a=b; session=${secret}`,
  `MIGRATE host 6379 key 0 5000 AUTH ${secret} KEYS a`,
  `MIGRATE host 6379 "" 0 5000 AUTH2 user ${secret} KEYS a b`,
  `["MIGRATE","host","6379","","0","5000","AUTH2","user","${secret}"]`,
  `SENTINEL SET mymaster quorum 2 auth-pass ${secret}`,
  `sentinel auth-pass mymaster ${secret}`,
  `SENTINEL CONFIG SET sentinel-pass ${secret}`,
  `CONFIG SET maxmemory 1gb tls-key-file-pass ${secret}`,
  `MODULE LOAD redisearch.so OSS_GLOBAL_PASSWORD ${secret}`,
  `redis-cli --pass ${secret} ping`,
  `user default on >${secret} ~* +@all`,
  `user default off sanitize-payload #${secret} ~*`,
  // the rules of an ACL file stand in any order
  ...['~*', '%R~a', '&*', '+@all', '-@all', '(~a)', 'reset', 'resetpass', 'allkeys', 'nocommands', '!0a'].map(
    (rule) => `user bob ${rule} >${secret} on`,
  ),
  `REDISCLI_AUTH=${secret} redis-cli ping`,
  `{"VALKEYCLI_AUTH": "${secret}"}`,
  `ERR unknown command \`AUTH\`, with args beginning with: \`${secret}\`, `,
  // commands are typed in lower case, too, and what is said about one may be followed by one
  `hello 3 setname me auth user ${secret}`,
  `127.0.0.1:6379> auth ${secret}`,
  `run auth failed-${secret}`,
  `upstream auth failure after AUTH ${secret}`,
  `wrong number of arguments for 'auth' command: auth a ${secret}`,
  `AUTH, user, ${secret}`,
  // rather one word too many of a sentence than a token
  `ERR invalid token: ${secret}`,
  `dbpass=${secret}`,
  // as redis-cli lists the arguments of a slow command
  `4) 1) "CONFIG"\n   2) "SET"\n   3) "requirepass"\n   4) "${secret}"`,
  `4) 1) "AUTH"\n   2) "user"\n   3) "${secret}"\n5) "127.0.0.1:5000"`,
  `4) 1) "HELLO"\n   2) "3"\n   3) "AUTH"\n   4) "user"\n   5) "${secret}"`,
  `4) 1) "ACL"\n   2) "SETUSER"\n   3) "bob"\n   4) ">${secret}"`,
  ...secretSettings.flatMap((name) => [
    `CONFIG SET ${name} ${secret}`,
    `${name.toUpperCase()} "a b ${secret}"`,
    `["CONFIG","SET","${name}","${secret}"]`,
    `${name}=${secret}`,
    `--${name} ${secret}`,
  ]),
];

describe('text from servers and libraries', () => {
  for (const text of leaks) {
    it(`loses its secret: ${text.replaceAll(secret, '…')}`, () => {
      const safe = redactText(text);
      assert.ok(!safe.includes(secret), safe);
      assert.ok(safe.includes(hidden), safe);
    });
  }

  it('loses the password of any URL, whatever it is made of', () => {
    const password = fc.stringMatching(/^[!-~]{6,40}$/).filter((text) => !/["'<>@]/.test(text));
    fc.assert(
      fc.property(password, fc.constantFrom('redis', 'rediss', 'valkey', 'memcached'), (text, scheme) => {
        const safe = redactText(`connect ${scheme}://user:${text}@host:1 ECONNREFUSED`);
        assert.equal(safe, `connect ${scheme}://${hidden}@host:1 ECONNREFUSED`);
      }),
    );
  });

  it('keeps what holds no secret, sentences about passwords included', () => {
    const harmless = [
      'connect ECONNREFUSED 127.0.0.1:6379',
      'redis://127.0.0.1:6379/3',
      'The password could not be saved, so the connection was not saved either',
      '"Prod" needs a password and none was given',
      'The user name or password is wrong.',
      'NOAUTH Authentication required.',
      'user@example.org wrote #5 and <b>',
      'the user name only #5, user bob - see #5',
      'ERR AUTH <password> called without any password configured for the default user. Are you sure?',
      'ERR Client sent AUTH, but no password is set',
      "ERR wrong number of arguments for 'auth' command",
      "NOPERM this user has no permissions to run the 'auth' command",
      'upstream auth failure: the identity provider did not answer',
      'auth failed, auth required.',
      'compass: north, bypass: yes',
    ];
    assert.deepEqual(harmless.map(redactText), harmless);
  });
});

describe('an error of a server', () => {
  it('holds no secret from the moment it is one, wherever it is shown', () => {
    const reply = Object.assign(new Error(`ERR CONFIG SET failed - requirepass ${secret}`), {
      name: 'ReplyError',
    });
    const redis = replyError(reply, 'CONFIG');
    assert.equal(redis?.message, `CONFIG: ERR CONFIG SET failed - requirepass ${hidden}`);
    assert.throws(
      () => throwIfError(`CLIENT_ERROR bad line password=${secret}`),
      ({ message }: Error) => message === `The server answered: CLIENT_ERROR bad line password=${hidden}`,
    );
  });
});

describe('a command line for log and history', () => {
  it('shows key names of commands that hold nothing else, when keys may be shown', () => {
    assert.equal(redactCommand(['get', 'user:1'], true), 'GET user:1');
    assert.equal(redactCommand(['Memory', 'usage', 'user:1'], true), 'MEMORY USAGE user:1');
    assert.equal(redactCommand(['scan', '0', 'MATCH', 'user:*'], true), 'SCAN 0 MATCH user:*');
  });

  it('shows no key name when keys may not be shown, patterns included', () => {
    for (const args of [
      ['get', 'user:1'],
      ['memory', 'usage', 'user:1'],
      ['scan', '0', 'match', 'user:*'],
    ])
      assert.doesNotMatch(redactCommand(args, false), /user/);
  });

  it('hides every argument of what writes, authenticates, configures, or is unknown', () => {
    const lines = [
      ['set', 'k', secret],
      ['auth', 'user', secret],
      ['hello', '3', 'auth', 'user', secret],
      ['config', 'set', 'requirepass', secret],
      ['acl', 'setuser', 'bob', `>${secret}`],
      ['eval', secret, '0'],
      ['get\u0000', secret],
      ['newcommand', secret],
      [secret.toLowerCase(), secret],
    ];
    for (const args of lines) assert.ok(!redactCommand(args, true).includes(secret), args[0]);
    assert.equal(redactCommand(['config', 'set', 'requirepass', secret], true), `CONFIG SET ${hidden}`);
  });

  it('shows arguments of no command by chance', () => {
    const known =
      /^(GET|M?GET|P?TTL|TYPE|EXISTS|DEL|UNLINK|.LEN|STRLEN|HGETALL|.CARD|SMEMBERS|SCAN|PERSIST|DUMP)$/;
    const others =
      /^(RENAME(NX)?|PING|INFO|DBSIZE|COMMAND|OBJECT|MEMORY|SLOWLOG|CONFIG|ACL|CLIENT|XINFO|SCRIPT|FUNCTION)$/;
    fc.assert(
      fc.property(fc.string(), (name) => {
        fc.pre(!known.test(name.toUpperCase()) && !others.test(name.toUpperCase()));
        assert.equal(redactCommand([name, secret], true), `${name.toUpperCase()} ${hidden}`);
      }),
    );
  });

  it('stands a command without arguments', () => {
    assert.deepEqual([redactCommand(['ping'], true), redactCommand(['config'], true)], ['PING', 'CONFIG']);
    assert.equal(redactCommand([], true), '');
  });
});
