import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyFilesIn } from '../../../src/extension/payloadKeyFiles';
import { HostPayloadKeys, type KeyPlace } from '../../../src/extension/payloadKeys';
import { rejectsWith } from '../../helpers/rejects';
import { temporaryFolder } from './storeFixture';

/** A keyring as one page or one machine has it. */
class FakeKeyring {
  readonly kept = new Map<string, string>();
  broken = false;

  get(name: string): Promise<string | undefined> {
    return this.answer(() => this.kept.get(name));
  }

  store(name: string, text: string): Promise<void> {
    return this.answer(() => void this.kept.set(name, text));
  }

  delete(name: string): Promise<void> {
    return this.answer(() => void this.kept.delete(name));
  }

  private async answer<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    if (this.broken) throw new Error('no keyring');
    return work();
  }
}

describe('The key of payloads', () => {
  let folder: string;
  let remove: () => void;
  let place: KeyPlace;
  let keyring: FakeKeyring;
  let asked: number;
  beforeEach(() => {
    ({ folder, remove } = temporaryFolder());
    place = 'keyring';
    keyring = new FakeKeyring();
    asked = 0;
  });
  afterEach(() => remove());

  function window(options: { secrets?: FakeKeyring; mayForget?: boolean } = {}): HostPayloadKeys {
    const { secrets = keyring, mayForget = false } = options;
    const onForgotten = (): void => {
      asked++;
    };
    return new HostPayloadKeys({
      secrets,
      files: keyFilesIn(folder),
      place: () => place,
      mayForget,
      onForgotten,
    });
  }

  const unavailable = (keys: HostPayloadKeys): Promise<Error> =>
    rejectsWith(keys.current(), 'INTERNAL_ERROR', 'secrets-unavailable');

  it('is made once, and is the same in each window and after a reload', async () => {
    const first = await window().current();
    assert.deepEqual([first.bytes.length, first.id.length], [32, 32]);
    const again = window();
    assert.deepEqual(await again.current(), first);
    assert.deepEqual(await window().byId(first.id), first);
    assert.equal(await again.byId('0'.repeat(32)), undefined);
    assert.deepEqual([keyring.kept.size, asked], [1, 0]);
  });

  it('is one although several windows make it at once, with the keyring or a file', async () => {
    for (place of ['keyring', 'file'] as const) {
      const keys = await Promise.all(Array.from({ length: 6 }, () => window().current()));
      assert.equal(new Set(keys.map(({ id }) => id)).size, 1, place);
      assert.equal(new Set(keys.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).size, 1, place);
    }
    assert.equal(keyring.kept.size, 1);
    assert.deepEqual(readdirSync(folder).sort(), ['payload.key', 'payload.key-id']);
  });

  it('G40: that the keyring has forgotten is not replaced by itself, and the person is asked', async () => {
    const first = await window().current();
    const forgetful = new FakeKeyring();
    const keys = window({ secrets: forgetful });
    await unavailable(keys);
    assert.deepEqual([forgetful.kept.size, asked], [0, 1]);
    assert.equal(await keys.byId(first.id), undefined);
    place = 'file';
    const second = await keys.current();
    assert.notEqual(second.id, first.id);
    assert.deepEqual(await window({ secrets: new FakeKeyring() }).byId(second.id), second);
    assert.deepEqual(await window().byId(first.id), first);
  });

  it('G40: made by a page is relied on only once another session has found it again', async () => {
    await unavailable(window({ mayForget: true }));
    assert.equal(asked, 1);
    assert.ok(await window({ mayForget: true }).current());
    assert.equal(asked, 1);
  });

  it('G40: is not made while the keyring is broken', async () => {
    keyring.broken = true;
    await unavailable(window());
    assert.deepEqual(readdirSync(folder), []);
    keyring.broken = false;
    const { id } = await window().current();
    keyring.broken = true;
    await rejectsWith(window().byId(id), 'INTERNAL_ERROR', 'secrets-unavailable');
  });

  it('in a file can be read by this user only', async () => {
    place = 'file';
    await window().current();
    if (process.platform !== 'win32') assert.equal(statSync(join(folder, 'payload.key')).mode & 0o777, 0o600);
    assert.equal(keyring.kept.size, 0);
  });

  it('is found in the chosen place although the other one is broken', async () => {
    const inKeyring = await window().current();
    place = 'file';
    const inFile = await window().current();
    keyring.broken = true;
    assert.deepEqual(await window().byId(inFile.id), inFile);
    keyring.broken = false;
    place = 'keyring';
    writeFileSync(join(folder, 'payload.key'), '{');
    assert.deepEqual(await window().byId(inKeyring.id), inKeyring);
  });

  it('in a damaged file is not used and not replaced, and no error quotes it', async () => {
    place = 'file';
    const { id } = await window().current();
    const file = join(folder, 'payload.key');
    const half = readFileSync(file, 'utf8').slice(0, 60);
    writeFileSync(file, half);
    const error = await unavailable(window());
    assert.doesNotMatch(`${error.message} ${String(error.cause)}`, new RegExp(`${id}|${half.slice(-10)}`));
    assert.equal(readFileSync(file, 'utf8'), half);
    place = 'keyring';
    await window().current();
    writeFileSync(join(folder, 'payload.key-id'), 'x');
    await unavailable(window());
  });
});
