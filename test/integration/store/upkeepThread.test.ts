import assert from 'node:assert/strict';
import { join } from 'node:path';
import { latestVersion, migrate } from '../../../src/providers/store/migrate';
import { migrations } from '../../../src/providers/store/migrations';
import { readSnapshot } from '../../../src/providers/store/snapshotFile';
import { nodeFiles } from '../../../src/providers/store/storeFiles';
import { inOwnThread } from '../../../src/providers/store/upkeepThread';
import { rejectsWith } from '../../helpers/rejects';
import { keptLog, sqlite, temporaryFolder } from '../../unit/store/storeFixture';
import { wasmPath, workerPath } from './realStore';

async function database(): Promise<Uint8Array> {
  const made = (await sqlite())();
  migrate(made, migrations, latestVersion(migrations));
  const bytes = made.export();
  made.close();
  return bytes;
}

describe('A thread for work on a copy of the store', () => {
  const { folder, remove } = temporaryFolder();
  after(remove);
  const log = keptLog();

  it('does the work and ends', async () => {
    const run = inOwnThread({ workerPath, folder, wasmPath, log });
    const bytes = await database();
    const size = bytes.length;
    const used = await run({ act: 'tableBytes', database: bytes });
    assert.equal([...used.values()].reduce((sum, each) => sum + each, 0), size); // prettier-ignore
    assert.equal(bytes.length, 0, 'the bytes are given away, not copied');
    const { name } = await run({ act: 'backUp', at: 0, database: await database() });
    assert.equal(readSnapshot(nodeFiles, folder, name)?.length, size);
  });

  it('says why the work failed, and that it could not be begun', async () => {
    const missing = join(folder, 'missing');
    const elsewhere = inOwnThread({ workerPath, folder: missing, wasmPath, log });
    const error = await rejectsWith(
      elsewhere({ act: 'backUp', at: 0, database: await database() }),
      'INTERNAL_ERROR',
      'store-failed',
    );
    assert.match(error.message, /Making a copy of the store failed: ENOENT/);
    for (const broken of [
      { workerPath: missing, wasmPath },
      { workerPath, wasmPath: missing },
    ]) {
      const run = inOwnThread({ folder, log, ...broken });
      await rejectsWith(
        run({ act: 'tableBytes', database: await database() }),
        'INTERNAL_ERROR',
        'store-failed',
      );
    }
  });
});
