import assert from 'node:assert/strict';
import type { ErrorReason } from '../../../src/engine/kernel/errors';
import { replyError } from '../../../src/providers/redis/redisErrors';

const inScript =
  'ERR Error running script (call to f_1050f70335abe4631f41b9b0502e1c6933867124): @user_script:99: @user_script: 99: ';

/** What servers before 7.0 say of a command of a script, word for word. */
const said: readonly (readonly [string, ErrorReason])[] = [
  [`${inScript}-READONLY You can't write against a read only replica. `, 'read-only'],
  [`${inScript}The user executing the script can't run this command or subcommand`, 'no-permission'],
  [`${inScript}-OOM command not allowed when used memory > 'maxmemory'.  `, 'server-full'],
  ["ERR -OOM command not allowed when used memory > 'maxmemory'.  ", 'server-full'],
  [`${inScript}-WRONGTYPE Operation against a key holding the wrong kind of value`, 'wrong-type'],
];

describe('An error of a command in a script', () => {
  for (const [message, reason] of said) {
    it(`means what it means outside one: ${message.slice(-60).trim()}`, () => {
      const error = replyError(Object.assign(new Error(message), { name: 'ReplyError' }), 'EVAL');
      assert.equal(error?.reason, reason);
      assert.doesNotMatch(error.message, /user_script|f_1050/);
    });
  }
});

describe('A password for a user who has none', () => {
  for (const message of [
    'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
    'ERR Client sent AUTH, but no password is set',
  ]) {
    it(`is told in words of our own, and is not called wrong: ${message.slice(0, 30)}`, () => {
      const error = replyError(Object.assign(new Error(message), { name: 'ReplyError' }), 'AUTH');
      assert.equal(error?.code, 'UNAUTHORIZED');
      assert.equal(error.reason, 'no-password');
      assert.equal(error.message, 'The server asks this user for no password');
    });
  }
});
