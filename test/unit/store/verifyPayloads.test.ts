import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { verifyPayloads } from '../../../src/providers/store/verifyPayloads';
import { EngineError } from '../../../src/engine/kernel/errors';
import { type DirectAccess, directAccess } from './directAccess';
import { MemoryKeys, makePayloads, newKey } from './payloadFixture';
import { FakeTime, temporaryFolder } from './storeFixture';

describe('A check of the payloads', () => {
  let folder: string;
  let remove: () => void;
  let access: DirectAccess;
  beforeEach(async () => {
    ({ folder, remove } = temporaryFolder());
    access = await directAccess();
  });
  afterEach(() => {
    access.close();
    remove();
  });

  async function fill(
    keys: MemoryKeys,
    count: number,
  ): Promise<{ paths: string[]; check: ReturnType<typeof checkOf> }> {
    const { payloads, folder: files } = makePayloads({ folder, access, time: new FakeTime(), keys });
    const paths: string[] = [];
    for (let index = 0; index < count; index++) {
      const { hash } = await payloads.put(`keySnapshots/${index}`, Buffer.from(`content ${index}`));
      paths.push(files.pathOf(hash));
    }
    return { paths, check: checkOf({ access, folder: files, keys }) };
  }

  function checkOf(ports: Parameters<typeof verifyPayloads>[0]) {
    return (signal = new AbortController().signal): ReturnType<typeof verifyPayloads> =>
      verifyPayloads(ports, signal);
  }

  it('counts what is sound, missing and damaged', async () => {
    const { paths, check } = await fill(new MemoryKeys(), 6);
    assert.deepEqual(await check(), { checked: 6, missing: 0, damaged: 0, withoutKey: 0 });
    rmSync(paths[0]!);
    const altered = readFileSync(paths[1]!);
    altered[40] = altered[40]! ^ 1;
    writeFileSync(paths[1]!, altered);
    writeFileSync(paths[2]!, altered.subarray(0, 20));
    assert.deepEqual(await check(), { checked: 6, missing: 1, damaged: 2, withoutKey: 0 });
  });

  it('counts what has no key here, by its size at least', async () => {
    const keys = new MemoryKeys();
    const { paths, check } = await fill(keys, 3);
    keys.kept.clear();
    writeFileSync(paths[0]!, 'short');
    assert.deepEqual(await check(), { checked: 3, missing: 0, damaged: 1, withoutKey: 2 });
    keys.byId = () => Promise.reject(new EngineError('INTERNAL_ERROR', 'secrets-unavailable', 'locked'));
    assert.deepEqual(await check(), { checked: 3, missing: 0, damaged: 1, withoutKey: 2 });
    keys.newest = newKey();
  });

  it('ends when it is told to', async () => {
    const { check } = await fill(new MemoryKeys(), 2);
    assert.deepEqual(await check(AbortSignal.abort()), { checked: 0, missing: 0, damaged: 0, withoutKey: 0 });
  });
});
