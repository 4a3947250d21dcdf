import { migrations } from '../../../src/providers/store/migrations';
import { migration1 } from '../../../src/providers/store/schema/migration1';
import { killingFiles, say } from '../../unit/store/killingFiles';
import { makeCore, saveRow, transaction, write } from '../../unit/store/storeFixture';

const fiveMinutes = 5 * 60_000;

/** What a process does until it is killed; each says the ids of the rows it had acknowledged. */
const scenarios: Readonly<Record<string, (folder: string, step: number) => Promise<void>>> = {
  async checkpoint(folder, step) {
    const { files, arm } = killingFiles(step);
    const { core, time } = await makeCore({ folder, files });
    core.open();
    for (const id of ['a', 'b']) save(core, id);
    time.advance(fiveMinutes);
    save(core, 'c');
    time.advance(fiveMinutes);
    save(core, 'd');
    arm();
    time.advance(fiveMinutes);
    save(core, 'e');
    core.close();
  },
  async migration(folder, step) {
    const old = await makeCore({ folder, migrations: [migration1] });
    old.core.open();
    save(old.core, 'a');
    old.time.advance(fiveMinutes);
    save(old.core, 'b');
    old.core.close();
    const { files, arm } = killingFiles(step);
    const { core, time } = await makeCore({ folder, files, migrations });
    arm();
    core.open();
    save(core, 'c');
    time.advance(0);
    core.close();
  },
  async purge(folder, step) {
    const { files, arm } = killingFiles(step);
    const { core, time } = await makeCore({ folder, files });
    core.open();
    for (const id of ['keep', 'old-1', 'old-2', 'old-3']) save(core, id);
    time.advance(fiveMinutes);
    arm();
    for (const id of ['old-1', 'old-2', 'old-3']) {
      const purge = transaction({ sql: 'DELETE FROM profiles WHERE id = ?', params: [id] });
      if (write(core, purge)[0] === undefined) say(`gone ${id}`);
    }
    time.advance(fiveMinutes);
    core.close();
  },
};

function save(core: Parameters<typeof write>[0], id: string): void {
  if (write(core, saveRow(id))[0] === undefined) say(`kept ${id}`);
}

const [, , scenario = '', folder = '', step = ''] = process.argv;
void scenarios[scenario]?.(folder, Number(step));
