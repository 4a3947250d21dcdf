import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addressElsewhere, clearElsewhere, freshAddress } from '../../../src/providers/store/storeAddress';
import { temporaryFolder } from './storeFixture';

describe('The address of a store outside its folder', () => {
  if (process.platform === 'win32') return;
  const longFolder = join('/nowhere', 'x'.repeat(100));

  it('is removed by the next owner when its process is gone, and only then', () => {
    const gone = dirname(freshAddress(longFolder, 'id-of-gone', 111));
    const living = dirname(freshAddress(longFolder, 'id-living', 222));
    const another = dirname(addressElsewhere('/another/store', 'id-other', 111));
    try {
      clearElsewhere(longFolder, (pid) => pid === 222);
      assert.deepEqual([gone, living, another].map(existsSync), [false, true, true]);
    } finally {
      for (const each of [gone, living, another]) rmSync(each, { recursive: true, force: true });
    }
  });

  it('lies in the folder where that is short enough', () => {
    const { folder, remove } = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    assert.equal(dirname(freshAddress(folder, 'id', 1)), folder);
    remove();
  });
});
