import assert from 'node:assert/strict';
import { deleteConnection } from '../../../src/engine/connections/deleteConnection';
import { secretRef } from '../../../src/engine/connections/profile';
import { saveConnection, type SavePorts } from '../../../src/engine/connections/saveConnection';
import type { ProfileStore, SecretVault } from '../../../src/engine/connections/stores';
import { sweepSecrets } from '../../../src/engine/connections/sweepSecrets';
import { systemRandom } from '../../../src/engine/kernel/clock';
import { StoredProfiles } from '../../../src/providers/store/profileStore';
import { RowParser } from '../../../src/providers/store/rowParser';
import { StoredSecretIntents } from '../../../src/providers/store/secretIntentStore';
import { aProfile, keptFor, memoryLog, memoryVault } from '../../helpers/ports';
import { type DirectAccess, directAccess } from '../store/directAccess';
import { FakeTime } from '../store/storeFixture';

const hour = 3_600_000;
const profile = aProfile(1, { auth: { method: 'password', secret: 'stored' } });
const ref = secretRef(profile.id);
const secrets = { password: 'secret' };
const kept = keptFor(profile, secrets);
const ended = new Error('the process ends');

describe('Secrets whose connection is gone', () => {
  let access: DirectAccess;
  let time: FakeTime;
  let vault: ReturnType<typeof memoryVault>;
  let ports: SavePorts & { readonly intents: StoredSecretIntents };
  beforeEach(async () => {
    access = await directAccess();
    time = new FakeTime();
    vault = memoryVault();
    const profiles = new StoredProfiles(access, new RowParser(memoryLog()));
    ports = {
      vault,
      profiles,
      intents: new StoredSecretIntents(access, { clock: time, random: systemRandom }),
    };
  });
  afterEach(() => access.close());

  const signal = new AbortController().signal;
  const sweep = (by: Pick<SavePorts, 'vault'> = { vault }): Promise<number> =>
    sweepSecrets({ vault: by.vault, intents: ports.intents, clock: time, log: memoryLog() }, signal);
  const notes = (): unknown[] => access.database.query('SELECT profile_id FROM secret_intents');
  const hasProfile = (): boolean => access.database.query('SELECT 1 FROM profiles').length > 0;

  /** The ports of a window whose process ends when it has taken so many steps. */
  function endingAfter(steps: number): { readonly ports: SavePorts; readonly isOver: () => boolean } {
    let taken = 0;
    const ending = <T extends object>(target: T): T =>
      new Proxy(target, {
        get: (object, name) => {
          const method: unknown = Reflect.get(object, name);
          if (typeof method !== 'function') return method;
          return async (...args: unknown[]): Promise<unknown> => {
            if (++taken > steps) throw ended;
            return Reflect.apply(method, object, args) as unknown;
          };
        },
      });
    const { intents, profiles } = ports;
    const all = {
      vault: ending<SecretVault>(vault),
      profiles: ending<ProfileStore>(profiles),
      intents: ending(intents),
    };
    return { ports: all, isOver: () => taken > steps };
  }

  for (const [what, act] of [
    ['saving', (by: SavePorts) => saveConnection(by, profile, secrets)],
    ['deleting', (by: SavePorts) => deleteConnection(by, profile)],
  ] as const) {
    it(`go with a sweep, whenever a process ended while it was ${what} one; those of others stay`, async () => {
      let cuts = 0;
      for (let steps = 0, isOver = true; isOver; steps++) {
        if (what === 'deleting') await saveConnection(ports, profile, secrets);
        const window = endingAfter(steps);
        await act(window.ports).then(
          () => undefined,
          () => undefined,
        );
        isOver = window.isOver();
        if (isOver) cuts++;
        time.advance(2 * hour);
        await sweep();
        assert.ok(hasProfile() || !vault.kept.has(ref), `an orphan after ${steps} steps`);
        assert.deepEqual(notes(), [], `a note after ${steps} steps`);
        await deleteConnection(ports, profile);
      }
      assert.ok(cuts >= 4, `${cuts} cuts`);
    });
  }

  it('stay while another window may be between the secret and the connection', async () => {
    const { intents } = ports;
    await intents.begin(profile.id);
    vault.kept.set(ref, kept);
    time.advance(hour - 1000);
    assert.equal(await sweep(), 0);
    assert.deepEqual(vault.kept.get(ref), kept);
    time.advance(2000);
    assert.equal(await sweep(), 1);
    assert.equal(vault.kept.get(ref), undefined);
  });

  it('are kept for a connection whose saving was only stalled, at whichever step the sweep was then', async () => {
    for (const step of ['get', 'remove', 'ended', 'over'] as const) {
      vault.kept.clear();
      let saved: Promise<unknown> = Promise.resolve();
      let goOn = (): void => undefined;
      const stalled = new Promise<void>((resolve) => (goOn = resolve));
      const { profiles } = ports;
      const slow: ProfileStore = {
        list: () => profiles.list(),
        remove: (id) => profiles.remove(id),
        reorder: (order) => profiles.reorder(order),
        save: async (one) => {
          await stalled;
          await profiles.save(one);
        },
      };
      const stored = new Promise<void>((resolve) => {
        const noting = { ...vault, set: (r: string, s: typeof secrets) => vault.set(r, s).then(resolve) };
        saved = saveConnection({ ...ports, vault: noting, profiles: slow }, profile, secrets);
      });
      await stored;
      time.advance(2 * hour);
      const wake = async (at: typeof step): Promise<void> => {
        if (at !== step) return;
        goOn();
        await saved;
      };
      const waking: SecretVault = {
        get: async (r) => {
          await wake('get');
          return vault.get(r);
        },
        remove: async (r) => {
          await vault.remove(r);
          await wake('remove');
        },
        set: (r, s) => vault.set(r, s),
      };
      if (step === 'ended') {
        access.beforeWrite = (statements) => {
          if (statements[0]?.sql.startsWith('DELETE FROM secret_intents')) goOn();
        };
      }
      await sweep({ vault: waking });
      access.beforeWrite = () => undefined;
      await wake('over');
      await saved;
      assert.deepEqual(vault.kept.get(ref), kept, `the sweep was at ${step}`);
      assert.deepEqual(notes(), []);
      await deleteConnection(ports, profile);
    }
  });

  it('stay when their row cannot be read: it is there', async () => {
    await saveConnection(ports, profile, secrets);
    await ports.intents.begin(profile.id);
    await access.write([{ sql: "UPDATE profiles SET json = '{}'", params: [] }]);
    time.advance(2 * hour);
    assert.deepEqual(await ports.profiles.list(), []);
    assert.equal(await sweep(), 0);
    assert.deepEqual(vault.kept.get(ref), kept);
  });

  it('wait for a keyring that is gone, one that was left by agreement too', async () => {
    await saveConnection(ports, profile, secrets);
    vault.broken = new Set(['get', 'set', 'remove']);
    await deleteConnection(ports, profile, true);
    time.advance(2 * hour);
    assert.equal(await sweep(), 0);
    vault.broken.clear();
    assert.equal(await sweep(), 1);
    assert.deepEqual([...vault.kept.keys(), ...notes()], []);
  });

  it('are not touched, nor is a new one kept, while the store cannot be written', async () => {
    access.beforeWrite = () => {
      throw new Error('read-only');
    };
    await assert.rejects(saveConnection(ports, profile, secrets), /read-only/);
    assert.equal(vault.kept.size, 0);
    access.beforeWrite = () => undefined;
    await saveConnection(ports, profile, secrets);
    access.beforeWrite = () => {
      throw new Error('read-only');
    };
    await assert.rejects(deleteConnection(ports, profile), /read-only/);
    assert.deepEqual(vault.kept.get(ref), kept);
  });
});
