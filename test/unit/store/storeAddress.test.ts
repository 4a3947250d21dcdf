import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  addressElsewhere,
  clearElsewhere,
  freshAddress,
  isOpenToOthers,
  leaveAddress,
} from '../../../src/providers/store/storeAddress';
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

  it('is left alone where others can have put something, or put it somewhere else', () => {
    const { folder, remove } = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    const open = dirname(addressElsewhere(longFolder, 'id', 111));
    const linked = `${open}-linked`;
    try {
      assert.equal(isOpenToOthers(longFolder, join(open, 's.sock')), false);
      chmodSync(open, 0o750);
      symlinkSync(folder, linked);
      for (const each of [open, linked]) assert.equal(isOpenToOthers(longFolder, join(each, 's.sock')), true);
      assert.equal(isOpenToOthers(longFolder, join(longFolder, 's.sock')), false, 'beside the store');
      assert.equal(isOpenToOthers(longFolder, '/nowhere/at/all.sock'), false, 'nobody is there');
      clearElsewhere(longFolder, () => false);
      assert.deepEqual([open, linked].map(existsSync), [true, true]);
    } finally {
      for (const each of [linked, open]) rmSync(each, { recursive: true, force: true });
      remove();
    }
  });

  it('lies in the folder where that is short enough', () => {
    const { folder, remove } = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    assert.equal(dirname(freshAddress(folder, 'id', 1)), folder);
    remove();
  });

  it('is beside the store however its owner, or who asks, came to the folder', () => {
    const { folder, remove } = temporaryFolder();
    chmodSync(folder, 0o755);
    const linked = `${folder}-linked`;
    symlinkSync(folder, linked);
    const ways = [folder, `${folder}/`, linked, `${linked}/`];
    try {
      for (const owner of ways) {
        const address = freshAddress(owner, 'id-of-it', 1);
        for (const asking of ways) {
          assert.equal(isOpenToOthers(asking, address), false, `${asking} asks ${address}`);
          leaveAddress(asking, address);
          assert.ok(existsSync(folder), 'the store is not taken for a folder of its address');
        }
      }
    } finally {
      rmSync(linked, { force: true });
      remove();
    }
  });

  it('is found by the next owner under another path of the folder, too', () => {
    const { folder, remove } = temporaryFolder();
    const linked = `${folder}-linked`;
    symlinkSync(folder, linked);
    const gone = dirname(addressElsewhere(folder, 'id-of-gone', 111));
    try {
      clearElsewhere(linked, () => false);
      assert.equal(existsSync(gone), false);
    } finally {
      for (const each of [gone, linked]) rmSync(each, { recursive: true, force: true });
      remove();
    }
  });
});
