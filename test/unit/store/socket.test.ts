import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { FrameReader, sendFrame } from '../../../src/providers/store/frames';
import { answerTo, parseWelcome, protocolVersion } from '../../../src/providers/store/handshake';
import { parseRequests } from '../../../src/providers/store/parseRequests';
import { writtenTables } from '../../../src/providers/store/writtenTables';
import { transaction } from './storeFixture';

describe('A message between windows', () => {
  /** What is sent as one piece of bytes. */
  function sent(...messages: unknown[]): Buffer {
    const pipe = new PassThrough();
    for (const message of messages) sendFrame(pipe, message);
    return pipe.read() as Buffer;
  }

  it('arrives as it was sent, however it is cut into pieces', () => {
    const messages = [[{ kind: 'status', number: 1 }], { rows: [[1, 'ä', null, new Uint8Array([0, 255])]] }, 'x'.repeat(100_000)]; // prettier-ignore
    const bytes = sent(...messages);
    for (const size of [1, 3, 4, 5, 1000, bytes.length]) {
      const reader = new FrameReader();
      const received: unknown[] = [];
      for (let start = 0; start < bytes.length; start += size) {
        received.push(...reader.push(bytes.subarray(start, start + size)));
      }
      assert.deepEqual(received, messages);
    }
  });

  it('of an impossible length is refused', () => {
    assert.throws(() => new FrameReader().push(Buffer.from([255, 255, 255, 255])), RangeError);
  });

  it('is refused when it is no request', () => {
    const record = new Uint8Array(1);
    for (const message of [
      undefined,
      {},
      [null],
      ['x'],
      [{ kind: 'drop', number: 1 }],
      [{ kind: 'status' }],
      [{ kind: 'status', number: 0.5 }],
      [{ kind: 'read', number: 1, sql: 1, params: [] }],
      [{ kind: 'read', number: 1, sql: 'x', params: [{}] }],
      [{ kind: 'read', number: 1, sql: 'x' }],
      [{ kind: 'writes', numbers: [1], record: 'x' }],
      [{ kind: 'writes', numbers: ['1'], record }],
    ]) {
      assert.throws(() => parseRequests(message), TypeError);
    }
    const asked = [
      { kind: 'writes', numbers: [1], record, frees: true },
      { kind: 'writes', numbers: [2], record },
      { kind: 'read', number: 3, sql: 'x', params: [1, 'a', null, record] },
      { kind: 'status', number: 4 },
    ];
    assert.deepEqual(parseRequests(asked), asked);
  });

  it('names the tables that were written to', () => {
    const statements = [
      'INSERT INTO a VALUES (1)',
      'insert or ignore into b values (1)',
      '  UPDATE c SET x = 1',
      'DELETE FROM d WHERE 1',
      'WITH x AS (SELECT 1) SELECT 1',
      'REPLACE INTO a VALUES (2)',
    ].map((sql) => ({ sql, params: [] }));
    const group = { transactions: [transaction(...statements)], record: new Uint8Array() };
    assert.deepEqual(writtenTables([group, group]), ['a', 'b', 'c', 'd']);
  });
});

describe('The owner of a store', () => {
  const owner = { token: 'secret', epoch: 3, schema: 2 };
  const hello = (changes: object): string =>
    JSON.stringify({ token: 'secret', client: 'me', protocol: protocolVersion, schema: 2, ...changes });

  it('lets in who knows the token, of its own build or with an older schema', () => {
    for (const changes of [{}, { schema: 1 }]) {
      assert.deepEqual(answerTo(hello(changes), owner), { kind: 'welcome', epoch: 3 });
    }
  });

  it('makes way for a later build, and refuses one it could not understand', () => {
    for (const changes of [{ schema: 3 }, { protocol: protocolVersion + 1 }]) {
      assert.deepEqual(answerTo(hello(changes), owner), { kind: 'yielding' });
    }
    const refused = answerTo(hello({ protocol: protocolVersion - 1 }), owner);
    assert.ok(refused.kind === 'refused' && refused.error.reason === 'store-other-version');
    assert.deepEqual(parseWelcome(JSON.stringify(refused)), refused);
  });

  it('refuses everybody else, whatever build they are of', () => {
    for (const line of [
      '',
      '{}',
      'null',
      '[',
      hello({ token: 'guess' }),
      hello({ token: 'secret2', schema: 9 }),
    ]) {
      const answer = answerTo(line, owner);
      assert.ok(answer.kind === 'refused' && answer.error.code === 'UNAUTHORIZED', line);
    }
    assert.equal(parseWelcome('HTTP/1.1 400'), undefined);
  });
});
