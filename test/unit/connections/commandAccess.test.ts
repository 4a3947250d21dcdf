import assert from 'node:assert/strict';
import fc from 'fast-check';
import { commandName, isRead, type CommandTable } from '../../../src/engine/connections/commandAccess';

const table: CommandTable = new Map(
  Object.entries({
    get: ['readonly', 'fast'],
    set: ['write', 'denyoom'],
    sort: ['write'],
    both: ['readonly', 'write'],
    eval: ['noscript'],
    eval_ro: ['noscript', 'readonly'],
    flushall: ['write'],
    config: [],
    'config|set': ['admin'],
    'xinfo|stream': ['readonly'],
    'json.get': ['readonly', 'module'],
  }).map(([name, flags]) => [name, new Set(flags)]),
);

/** COMMAND of a server before 7: containers without their subcommands. */
const oldTable: CommandTable = new Map([
  ['get', new Set(['readonly'])],
  ['xinfo', new Set(['readonly'])],
  ['object', new Set(['readonly'])],
]);

describe('whether a command is a read', () => {
  it('is what the server says of it', () => {
    for (const args of [
      ['get', 'k'],
      ['GET', 'k'],
      ['EVAL_RO', 's'],
      ['xinfo', 'STREAM', 'k'],
      ['json.get', 'k'],
    ])
      assert.ok(isRead(args, table), args.join(' '));
    for (const args of [
      ['set', 'k', 'v'],
      ['sort', 'k'],
      ['both', 'k'],
      ['eval', 's'],
      ['FLUSHALL'],
      ['config', 'set'],
    ])
      assert.ok(!isRead(args, table), args.join(' '));
  });

  it('is never so for a command that nobody vouches for', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, sub) => {
        fc.pre(!isRead([name], table));
        assert.ok(!isRead([name, sub], new Map()) || isRead([name, sub], table), `${name} ${sub}`);
      }),
    );
    for (const args of [
      ['strlen', 'k'],
      ['debug', 'sleep'],
      ['client', 'kill'],
      ['get\0'],
      [' get'],
      ['__proto__'],
      [''],
    ])
      assert.ok(!isRead(args, table), args.join(' '));
  });

  it('is so for handshake and diagnosis, which change nothing', () => {
    for (const args of [
      ['AUTH', 'pw'],
      ['client', 'setname', 'x'],
      ['CONFIG', 'GET', 'x'],
      ['ping'],
      ['select', 1],
    ])
      assert.ok(isRead(args, table) && isRead(args, undefined), args.join(' '));
  });

  it('is known for the reads of this product where the server shows no table', () => {
    assert.ok(isRead(['hscan', 'k', '0'], undefined));
    assert.ok(isRead([Buffer.from('MEMORY'), Buffer.from('usage'), 'k'], undefined));
    for (const args of [
      ['set', 'k'],
      ['config', 'set'],
      ['client', 'kill'],
      ['eval', 's'],
      ['memory', 'purge'],
    ])
      assert.ok(!isRead(args, undefined), args.join(' '));
  });

  it('is known for subcommands of servers that list only their container', () => {
    assert.ok(isRead(['xinfo', 'stream', 'k'], oldTable));
    assert.ok(isRead(['object', 'encoding', 'k'], oldTable));
    assert.ok(!isRead(['object', 'unheard'], oldTable));
    assert.ok(!isRead(['memory', 'usage', 'k'], oldTable), 'the server does not have it');
  });

  it('trusts the server over our own list', () => {
    const renamed: CommandTable = new Map([['get', new Set(['write'])]]);
    assert.ok(!isRead(['get', 'k'], renamed));
  });

  it('goes by the name of the command, and of a subcommand only where there are any', () => {
    assert.equal(commandName(['GET', 'set'], table), 'get');
    assert.equal(commandName(['Config', 'SET', 'x'], table), 'config|set');
    assert.equal(commandName(['xinfo', 'STREAM'], undefined), 'xinfo|stream');
    assert.equal(commandName(['config'], table), 'config');
  });
});
