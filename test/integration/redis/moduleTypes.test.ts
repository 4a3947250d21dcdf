import assert from 'node:assert/strict';
import { openValue } from '../../../src/engine/keys/openValue';
import { redisFactory } from '../../../src/providers/redis/redisProvider';
import { startFakeRedis } from '../../helpers/fakeRedis';
import { aProfile } from '../../helpers/ports';
import { call } from '../providerContract';

const replies: Readonly<Record<string, string>> = {
  PING: '+PONG\r\n',
  TYPE: '+graphdata\r\n',
  PTTL: ':-1\r\n',
  'OBJECT ENCODING': '$3\r\nraw\r\n',
  'MEMORY USAGE': ':4321\r\n',
  CLIENT: '+OK\r\n',
};

describe('A module type that nobody knows', () => {
  it('is shown as what it is, without any command of its own', async () => {
    const sent: string[] = [];
    const server = await startFakeRedis((args) => {
      const name = (args[0] ?? '').toUpperCase();
      sent.push(name);
      return replies[`${name} ${(args[1] ?? '').toUpperCase()}`] ?? replies[name];
    });
    const provider = await redisFactory.open(
      { profile: aProfile(server.port), secrets: {}, db: 0, isReadOnly: () => false },
      call,
    );
    const { facts, page, readOnlyReason } = await openValue(provider, Buffer.from('g'), call);
    assert.deepEqual(facts, { type: 'other', typeName: 'graphdata', encoding: 'raw' });
    assert.equal(page?.kind === 'other' && page.memoryBytes, 4321);
    assert.match(page?.kind === 'other' ? page.note : '', /graphdata/);
    assert.match(readOnlyReason ?? '', /graphdata/);
    assert.equal(sent.includes('DUMP'), false);
    await provider.close();
    await server.close();
  });
});
