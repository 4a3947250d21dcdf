import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sendFrame } from '../../../src/providers/store/frames';
import { challengeTo, helloOf, parseHello, responseTo } from '../../../src/providers/store/handshake';
import { sendLine } from '../../../src/providers/store/handshakeLines';
import { openLink } from '../../../src/providers/store/openLink';
import type { Store } from '../../../src/providers/store/openStore';
import {
  type OwnerFacts,
  ownerFileName,
  parseOwner,
  publishOwner,
} from '../../../src/providers/store/ownerFile';
import { nodeFiles } from '../../../src/providers/store/storeFiles';
import { memoryLog } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { temporaryFolder } from '../../unit/store/storeFixture';
import { realStore, someProfile } from './realStore';
import { type StrangeOwner, strangeOwner } from './strangeOwner';

const never = new AbortController().signal;
const client = { client: 'a window', schema: 1 };
const welcome = '{"kind":"welcome","epoch":41}\n';

describe('At the address of the store', () => {
  let folder: string;
  let remove: () => void;
  let log: ReturnType<typeof memoryLog>;
  const stores: Store[] = [];
  const strangers: StrangeOwner[] = [];
  beforeEach(() => {
    ({ folder, remove } = temporaryFolder());
    log = memoryLog();
  });
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    await Promise.all(strangers.splice(0).map((stranger) => stranger.close()));
    remove();
  });

  function window(): Store {
    const store = realStore(folder, log);
    stores.push(store);
    return store;
  }

  async function listenAt(...args: Parameters<typeof strangeOwner>): Promise<StrangeOwner> {
    const stranger = await strangeOwner(...args);
    strangers.push(stranger);
    return stranger;
  }

  /** What an owner that is gone left: where it was reached, and by which key. */
  function leftAt(address: string): OwnerFacts {
    const facts = { epoch: 41, address, key: 'the-key-of-the-store', pid: 1, host: 'h', since: 1 };
    publishOwner(nodeFiles, folder, facts);
    return facts;
  }

  function published(): OwnerFacts {
    const facts = parseOwner(readFileSync(join(folder, ownerFileName), 'utf8'));
    assert.ok(facts);
    return facts;
  }

  const pipeOr = (name: string): string =>
    process.platform === 'win32' ? `\\\\.\\pipe\\cachify-test-${process.pid}-${name}` : join(folder, name);

  /** Serves a profile that leads to a server of the forger. */
  function forge(socket: Socket): void {
    socket.write(welcome);
    const rows = [[JSON.stringify(someProfile('forged'))]];
    sendFrame(socket, {
      kind: 'replies',
      replies: [{ number: 1, kind: 'rows', rows, version: { epoch: 41, commit: 1 } }],
    });
  }

  it('a program that does not have the key learns nothing, is not believed, and is asked once', async () => {
    const { address, key } = leftAt(pipeOr('squatter'));
    const answers = [
      (socket: Socket): void => forge(socket),
      (socket: Socket): void =>
        void socket.write(`{"nonce":"${'n'.repeat(32)}","epoch":41,"proof":""}\n${welcome}`),
      (socket: Socket, line: string): void => void socket.write(`${line}\n${welcome}`),
      (socket: Socket): void => void socket.write('x'.repeat(10_000)),
    ];
    for (const answer of answers) {
      leftAt(address);
      const squatter = await strangeOwner(address, (line, socket) => answer(socket, line));
      const store = window();
      await store.profiles.save(someProfile('own'));
      assert.deepEqual((await store.profiles.list()).map(({ id }) => id), ['own']); // prettier-ignore
      assert.ok(squatter.heard().length > 0);
      assert.doesNotMatch(squatter.heard(), new RegExp(key));
      assert.doesNotMatch(squatter.heard(), /proof/);
      assert.equal(squatter.connections(), 1);
      await store.close();
      await squatter.close();
    }
    assert.match(log.lines.join('\n'), /warn Another program has the address of the store/);
  });

  it('who passes everything on to the real owner is not let in between', async () => {
    const first = window();
    await first.profiles.save(someProfile('own'));
    const real = published();
    const relayed: string[] = [];
    const relay = await listenAt(pipeOr('relay'), (line, socket) => {
      relayed.push(line);
      const owner = connect(real.address);
      owner.on('error', () => owner.destroy());
      owner.write(`${line}\n`);
      owner.pipe(socket);
      socket.on('close', () => owner.destroy());
    });
    const admission = await openLink({ ...real, address: pipeOr('relay') }, client, never);
    assert.equal(admission?.answer.kind, 'impostor');
    assert.equal(relayed.length, 1);
    assert.doesNotMatch(relay.heard(), /proof/);
  });

  it('what was heard of a handshake serves nobody a second time, on neither side', async () => {
    const first = window();
    await first.status();
    const real = published();
    const { said, answered } = await overheard(real);
    const again = connect(real.address);
    again.write(said[0]);
    const [challenge] = (await once(again, 'data')) as [Buffer];
    assert.notEqual(challenge.toString(), answered[0]);
    again.write(said[1]);
    const [answer] = (await once(again, 'data')) as [Buffer];
    assert.match(answer.toString(), /^\{"kind":"refused".*UNAUTHORIZED/);
    await once(again.resume(), 'close');
    await first.close();
    const squatter = await listenAt(real.address, (_, socket, earlier) =>
      socket.write(answered[earlier.length === 0 ? 0 : 1]),
    );
    const admission = await openLink(real, client, never);
    assert.deepEqual([admission?.answer.kind, squatter.connections()], ['impostor', 1]);
  });

  it('a client that has no key gets a refusal and nothing else, whatever it reflects', async () => {
    const store = window();
    await store.profiles.save(someProfile('own'));
    const { address } = published();
    const hello = JSON.stringify(helloOf(client));
    for (const reflect of [true, false]) {
      const socket = connect(address);
      socket.write(`${hello}\n`);
      const [challenge] = (await once(socket, 'data')) as [Buffer];
      socket.write(reflect ? challenge : '{"proof":""}\n');
      const [answer] = (await once(socket, 'data')) as [Buffer];
      assert.match(answer.toString(), /^\{"kind":"refused".*UNAUTHORIZED/);
      // the owner may have hung up already: what is written then fails
      socket.on('error', () => undefined);
      socket.on('data', (more: Buffer) => assert.fail(`it is told more: ${more.toString()}`));
      const closed = new Promise((resolve) => socket.on('close', resolve));
      sendFrame(socket, [{ kind: 'status', number: 1 }]);
      await closed;
    }
    await store.status();
  });

  it('an owner that has the key and sends what is no message is told of, and does not end the window', async () => {
    const facts = leftAt(pipeOr('broken'));
    const broken = await listenAt(facts.address, (line, socket, earlier) => {
      const hello = parseHello(line);
      if (hello) sendLine(socket, challengeTo(hello, facts));
      else socket.write(Buffer.concat([Buffer.from(welcome), Buffer.alloc(4, 255)]));
      assert.ok(earlier.length < 2);
    });
    const store = window();
    await rejectsWith(store.profiles.list(), 'INTERNAL_ERROR', 'store-stopped');
    assert.equal(broken.connections(), 1);
  });

  it('in a temporary folder that others may enter nobody is asked at all', async function () {
    if (process.platform === 'win32') return;
    const open = mkdtempSync(join(tmpdir(), 'cachify-open-'));
    chmodSync(open, 0o755);
    try {
      const { address } = leftAt(join(open, 's.sock'));
      const squatter = await listenAt(address, (_, socket) => forge(socket));
      const store = window();
      assert.deepEqual(await store.profiles.list(), []);
      assert.equal(squatter.connections(), 0);
    } finally {
      rmSync(open, { recursive: true, force: true });
    }
  });
});

/** What both sides of a handshake say, each line as it is sent. */
async function overheard(real: OwnerFacts): Promise<{ said: [string, string]; answered: [string, string] }> {
  const socket = connect(real.address);
  const hello = helloOf(client);
  const exchange = async (line: object): Promise<[string, string]> => {
    const said = `${JSON.stringify(line)}\n`;
    socket.write(said);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return [said, answer.toString()];
  };
  const [first, challenge] = await exchange(hello);
  const response = responseTo(challenge, hello, real);
  assert.ok(response);
  const [second, answer] = await exchange(response);
  assert.equal(answer.includes('welcome'), true);
  socket.destroy();
  return { said: [first, second], answered: [challenge, answer] };
}
