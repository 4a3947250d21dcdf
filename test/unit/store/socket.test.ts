import assert from 'node:assert/strict';
import { type Socket, connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { systemRandom } from '../../../src/engine/kernel/clock';
import { FrameReader, largestMessage, sendFrame } from '../../../src/providers/store/frames';
import {
  challengeTo,
  helloOf,
  parseHello,
  parseWelcome,
  protocolVersion,
  responseTo,
  welcomeTo,
  type Hello,
  type Meeting,
  type Welcome,
} from '../../../src/providers/store/handshake';
import { parseRequests } from '../../../src/providers/store/parseRequests';
import { SocketServer } from '../../../src/providers/store/socketServer';
import { freshAddress } from '../../../src/providers/store/storeAddress';
import { readsVersion } from '../../../src/providers/store/reads/allReads';
import { bytesOf } from '../../../src/providers/store/statement';
import { writtenTables } from '../../../src/providers/store/writtenTables';
import { eventually } from '../../helpers/eventually';
import { memoryLog } from '../../helpers/ports';
import { FakeTime, temporaryFolder, transaction } from './storeFixture';

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

  it('of as much as a sender may put into it is taken, whatever characters it holds', () => {
    for (const character of ['x', 'ä', '\u20ac']) {
      const params = [character.repeat(Math.floor(largestMessage / Buffer.byteLength(character)))];
      assert.ok(bytesOf(params) >= largestMessage);
      assert.ok(sent([{ kind: 'read', number: 1, name: 'x', params }]).length > largestMessage / 2);
    }
    const euroAmongAscii = `${'x'.repeat(largestMessage - 3)}\u20ac`;
    assert.equal(new FrameReader().push(sent([euroAmongAscii])).length, 1);
  });

  it('of an impossible length is refused', () => {
    assert.throws(() => new FrameReader().push(Buffer.from([255, 255, 255, 255])), RangeError);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(66 * 1024 * 1024);
    assert.throws(() => new FrameReader().push(length), RangeError, 'before any of it has come');
    assert.throws(() => sent(new Uint8Array(66 * 1024 * 1024)), RangeError, 'nor is one sent');
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
      [{ kind: 'read', number: 1, name: 1, params: [] }],
      [{ kind: 'read', number: 1, name: 'x', params: [{}] }],
      [{ kind: 'read', number: 1, name: 'x' }],
      [{ kind: 'read', number: 1, sql: 'x', params: [] }],
      [{ kind: 'writes', numbers: [1], record: 'x' }],
      [{ kind: 'writes', numbers: ['1'], record }],
    ]) {
      assert.throws(() => parseRequests(message), TypeError);
    }
    const asked = [
      { kind: 'writes', numbers: [1], record, frees: true },
      { kind: 'writes', numbers: [2], record },
      { kind: 'read', number: 3, name: 'x', params: [1, 'a', null, record] },
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

describe('The handshake of a store', () => {
  const owner = { key: 'secret', address: '/here', epoch: 3, schema: 2 };
  const hello = (changes: Partial<Hello> = {}): Hello => ({
    ...helloOf({ client: 'me', schema: 2 }),
    ...changes,
  });

  /** Goes through it as a client that has `met` and sees what the owner says as `heard`. */
  function shake(
    said: Hello,
    met: Meeting = owner,
    heard = (line: string): string => line,
  ): Welcome | 'impostor' {
    const asked = challengeTo(said, owner);
    const response = responseTo(heard(JSON.stringify(asked)), said, met);
    return response ? welcomeTo(JSON.stringify(response), said, asked, owner) : 'impostor';
  }

  it('lets in who has the key, of its own build or with an older schema and fewer questions', () => {
    for (const changes of [{}, { schema: 1 }, { reads: 0 }]) {
      assert.deepEqual(shake(hello(changes)), { kind: 'welcome', epoch: 3 });
    }
  });

  it('makes way for a later build, and refuses one it could not understand', () => {
    for (const changes of [{ schema: 3 }, { protocol: protocolVersion + 1 }, { reads: readsVersion + 1 }]) {
      assert.deepEqual(shake(hello(changes)), { kind: 'yielding' });
    }
    const refused = shake(hello({ protocol: protocolVersion - 1 }));
    assert.ok(refused !== 'impostor' && refused.kind === 'refused');
    assert.equal(refused.error.reason, 'store-other-version');
    assert.deepEqual(parseWelcome(JSON.stringify(refused)), refused);
  });

  it('refuses everybody else, whatever build they say to be of', () => {
    for (const schema of [2, 9]) {
      const said = hello({ schema });
      const asked = challengeTo(said, owner);
      const own = responseTo(JSON.stringify(asked), said, owner);
      const other = challengeTo(said, owner);
      const ofOther = responseTo(JSON.stringify(other), said, owner);
      assert.ok(own && ofOther);
      for (const line of [
        '',
        '{}',
        'null',
        '[',
        '{"proof":""}',
        JSON.stringify({ proof: asked.proof }),
        JSON.stringify(ofOther),
      ]) {
        const answer = welcomeTo(line, said, asked, owner);
        assert.ok(answer.kind === 'refused' && answer.error.code === 'UNAUTHORIZED', line);
      }
      const changed = welcomeTo(JSON.stringify(own), { ...said, schema: 3 }, asked, owner);
      assert.equal(changed.kind, 'refused', 'what was said before cannot be changed');
    }
    for (const line of [
      '',
      '{}',
      'GET / HTTP/1.1',
      '{"token":"secret","client":"me","protocol":1,"schema":2}',
    ])
      assert.equal(parseHello(line), undefined);
    assert.equal(parseWelcome('HTTP/1.1 400'), undefined);
  });

  it('ends at an owner that does not prove who it is, before anything was said to it', () => {
    for (const met of [
      { ...owner, key: 'other' },
      { ...owner, address: '/elsewhere' },
    ])
      assert.equal(shake(hello(), met), 'impostor');
    const before = hello();
    const heard = JSON.stringify(challengeTo(before, owner));
    for (const line of ['', '{}', heard, '{"kind":"welcome","epoch":3}', JSON.stringify(before)])
      assert.equal(
        shake(hello(), owner, () => line),
        'impostor',
        line,
      );
    const epoch = (line: string): string => line.replace('"epoch":3', '"epoch":4');
    assert.equal(shake(hello(), owner, epoch), 'impostor');
  });

  it('says the key in no line', () => {
    const said = hello();
    const asked = challengeTo(said, owner);
    const response = responseTo(JSON.stringify(asked), said, owner);
    assert.ok(response);
    const all = [said, asked, response, welcomeTo(JSON.stringify(response), said, asked, owner)];
    assert.doesNotMatch(JSON.stringify(all), /secret/);
  });
});

/** When it is closed, in whichever way. */
function ended(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.on('error', () => undefined).on('close', resolve);
    socket.resume();
  });
}

describe('A socket of a store', () => {
  let folder: { folder: string; remove: () => void };
  let server: SocketServer;
  let address: string;
  let time: FakeTime;
  const joined: unknown[] = [];
  beforeEach(async () => {
    time = new FakeTime();
    folder = temporaryFolder();
    address = freshAddress(folder.folder, systemRandom.id(), process.pid);
    const requests = {
      join: (client: unknown) => joined.push(client),
      leave: () => undefined,
      accept: () => undefined,
    };
    const owner = { key: 'secret', epoch: 3, schema: 2 };
    server = new SocketServer({
      requests,
      owner,
      timers: time,
      onYield: () => assert.fail('nobody yields'),
      log: memoryLog(),
    });
    await server.listen(address);
  });
  afterEach(async () => {
    await server.close();
    folder.remove();
  });

  it('is closed for who takes too long to prove who it is, however that is spread', async () => {
    const socket = connect(address);
    const closed = ended(socket);
    socket.write('{"client":"slow",');
    await eventually('it is waited for', () => (time.waiting === 1 ? true : undefined));
    for (let second = 0; second < 10; second++) {
      socket.write(' ');
      time.advance(1000);
    }
    await closed;
    assert.equal(joined.length, 0);
  });

  it('is closed for who is refused, also when the other half is held open', async () => {
    const socket = connect({ path: address, allowHalfOpen: true });
    let heard = '';
    let isGone = false;
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    socket.on('error', () => (isGone = true));
    const half = new Promise((resolve) => socket.once('end', resolve));
    socket.write('junk\n');
    await half;
    assert.match(heard, /"refused"/);
    // who only ended its half still takes what is written
    await eventually('nobody takes what is said', () => {
      socket.write(' ');
      return isGone ? true : undefined;
    });
    assert.deepEqual([time.waiting, joined.length], [0, 0]);
    socket.destroy();
  });

  it('stands open to the latest strangers, however many there are that only stay', async () => {
    const sockets = Array.from({ length: 80 }, () => connect(address));
    const ends = sockets.map((socket) => ended(socket));
    let closed = 0;
    for (const end of ends) void end.then(() => closed++);
    await eventually('the first are cut off', () => (closed === 16 ? true : undefined));
    assert.equal(
      sockets.slice(16).every(({ destroyed }) => !destroyed),
      true,
    );
    for (const socket of sockets) socket.destroy();
    await Promise.all(ends);
  });
});
