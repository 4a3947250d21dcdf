import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from '../../helpers/repository';
import { MemoryKeys, filesBelow, makePayloads, newKey } from '../../unit/store/payloadFixture';
import { makeCore, temporaryFolder } from '../../unit/store/storeFixture';
import { coreAccess } from '../../unit/store/coreAccess';

const script = join(repositoryRoot, 'out/test/integration/store/putUntilKilled.js');
const runs = 12;

describe('A window that is killed while it keeps payloads', function () {
  this.timeout(120_000);

  it('loses none that was acknowledged, leaves no row without file and no part of a file, and nothing for good', async () => {
    const { folder, remove } = temporaryFolder();
    const key = newKey();
    const acknowledged = new Map<string, string>();
    for (let run = 0; run < runs; run++) {
      for (const line of await putAndKill(run)) acknowledged.set(line.slice(0, 64), line.slice(65));
    }
    const { core, time } = await makeCore({ folder, name: 'last', livePids: new Set() });
    core.open();
    const access = coreAccess(core);
    const { payloads, sweep } = makePayloads({ folder, access, time, keys: new MemoryKeys(key) });
    time.advance(2 * 3_600_000);
    assert.equal((await sweep())?.missingFiles, 0);
    for (const [hash, text] of acknowledged) {
      assert.equal(
        Buffer.from(await payloads.get(hash))
          .toString()
          .trimEnd(),
        text,
      );
    }
    const rows = core.read('SELECT hash FROM payloads', []);
    assert.equal(filesBelow(join(folder, 'payloads')).length, rows.length);
    assert.ok(acknowledged.size >= runs, `${acknowledged.size} were acknowledged`);
    // killed, all of them, before they wrote the record that their content was for
    time.advance(25 * 3_600_000);
    assert.ok(((await sweep())?.orphanOwners ?? 0) >= acknowledged.size);
    assert.deepEqual(core.read('SELECT owner FROM payload_references', []), []);
    assert.deepEqual(filesBelow(join(folder, 'payloads')), []);
    core.close();
    remove();

    async function putAndKill(run: number): Promise<string[]> {
      const args = [script, folder, `run-${run}`, key.id, Buffer.from(key.bytes).toString('hex')];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const enough = 1 + Math.floor(Math.random() * 60);
      let text = '';
      child.stdout.setEncoding('utf8');
      child.stdout.on('data', (chunk: string) => {
        text += chunk;
        if (text.split('\n').length > enough) child.kill('SIGKILL');
      });
      await once(child, 'close');
      return text
        .slice(0, Math.max(0, text.lastIndexOf('\n')))
        .split('\n')
        .filter(Boolean);
    }
  });
});
