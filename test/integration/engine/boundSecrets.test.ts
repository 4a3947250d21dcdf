import assert from 'node:assert/strict';
import { Connections } from '../../../src/engine/connections/connections';
import type { ConnectionProfile } from '../../../src/engine/connections/profile';
import { saveConnection } from '../../../src/engine/connections/saveConnection';
import { type AskReason, SecretResolver } from '../../../src/engine/connections/secretResolver';
import { systemClock, systemRandom } from '../../../src/engine/kernel/clock';
import { redisFactory } from '../../../src/providers/redis/redisProvider';
import type { Store } from '../../../src/providers/store/openStore';
import { type FakeRedis, startFakeRedis } from '../../helpers/fakeRedis';
import { aProfile, memoryLog, memoryVault } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { temporaryFolder } from '../../unit/store/storeFixture';
import { realStore } from '../store/realStore';

const auth = { method: 'password', secret: 'stored' } as const;
const password = 'saved-for-another';

describe('a profile that another window changed', () => {
  let folder: { folder: string; remove: () => void };
  let own: Store;
  let other: Store;
  let forged: FakeRedis;
  const heard: string[] = [];

  before(async () => {
    folder = temporaryFolder();
    own = realStore(folder.folder);
    other = realStore(folder.folder);
    forged = await startFakeRedis((args) => {
      heard.push(args.join(' '));
      return '-ERR no\r\n';
    });
  });
  after(async () => {
    await forged.close();
    await other.close();
    await own.close();
    folder.remove();
  });

  it('does not have the saved password sent to where it leads now, not even with the time of the last edit kept', async () => {
    const vault = memoryVault();
    const asked: AskReason[] = [];
    const log = memoryLog();
    const ask = (_: ConnectionProfile, why: AskReason) => Promise.resolve(void asked.push(why));
    const factory = () => Promise.resolve(redisFactory);
    const connections = new Connections(own.profiles, {
      factories: { redis: factory, memcached: factory },
      secrets: new SecretResolver({ vault, ask, log }),
      clock: systemClock,
      random: systemRandom,
      log,
      isTrusted: () => true,
    });
    const profile = aProfile(1, { auth });
    await saveConnection({ ...own, vault }, profile, { password });
    await connections.list();
    await other.profiles.save({ ...profile, endpoints: aProfile(forged.port).endpoints });
    await connections.reload();
    await rejectsWith(connections.get(profile.id).connect(), 'UNAUTHORIZED', 'password-needed');
    await connections.dispose();
    assert.deepEqual(heard, [], 'nothing is said to a server before the person agreed');
    const change = { what: 'address', added: [`127.0.0.1:${forged.port}`], gone: ['127.0.0.1:1'] };
    assert.deepEqual(asked, [[change]]);
    assert.doesNotMatch(log.lines.join(), new RegExp(password));
  });
});
