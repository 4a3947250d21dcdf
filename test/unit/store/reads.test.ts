import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { allReads, readsVersion, sqlOfRead } from '../../../src/providers/store/reads/allReads';
import { historyPages } from '../../../src/providers/store/reads/historyReads';
import { parseRequests } from '../../../src/providers/store/parseRequests';
import type { SqlValue } from '../../../src/providers/store/statement';
import type { StoreCore } from '../../../src/providers/store/storeCore';
import type { StoreMessage, StoreReply } from '../../../src/providers/store/storeMessages';
import { StoreServer } from '../../../src/providers/store/storeServer';
import { repositoryRoot } from '../../helpers/repository';
import { type DirectAccess, directAccess } from './directAccess';
import { FakeTime, makeCore, rowIds, saveRow, temporaryFolder, write } from './storeFixture';

const endless = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n';

describe('A question to the store', () => {
  let folder: string;
  let remove: () => void;
  let core: StoreCore;
  let server: StoreServer;
  const replies: StoreReply[] = [];
  const client = {
    post: (message: StoreMessage) => {
      if (message.kind === 'replies') replies.push(...message.replies);
    },
  };
  beforeEach(async () => {
    ({ folder, remove } = temporaryFolder());
    const time = new FakeTime();
    ({ core } = await makeCore({ folder, time, name: 'first', pid: 1 }));
    core.open();
    write(core, saveRow('a'));
    server = new StoreServer(core, {
      epoch: 1,
      defer: setImmediate,
      timers: time,
      status: () => assert.fail('it is not asked'),
    });
    replies.length = 0;
  });
  afterEach(() => {
    server.dispose();
    core.close();
    remove();
  });

  /** What the owner answers who sends this. */
  async function answerTo(name: string, params: readonly SqlValue[] = []): Promise<StoreReply | undefined> {
    server.accept(client, parseRequests([{ kind: 'read', number: 1, name, params }]));
    await nextTurn();
    await nextTurn();
    return replies.shift();
  }

  for (const sql of [
    'DELETE FROM profiles',
    'PRAGMA query_only = OFF',
    'BEGIN',
    endless,
    'SELECT 1',
    'toString',
  ])
    it(`is asked by its name, so SQL is no question: ${sql}`, async () => {
      const answer = await answerTo(sql);
      assert.ok(answer?.kind === 'error' && answer.error.reason === 'unsupported');
      assert.throws(() => parseRequests([{ kind: 'read', number: 1, sql, params: [] }]), TypeError);
      assert.deepEqual(rowIds(core), ['a']);
      write(core, saveRow('b'));
      assert.deepEqual(rowIds(core), ['a', 'b'], 'no transaction was left open');
    });

  it('is answered with its values, whatever they hold', async () => {
    const held = "'; DELETE FROM profiles; --";
    const answer = await answerTo('connections.profile', [held]);
    assert.ok(answer?.kind === 'rows');
    assert.deepEqual([answer.rows, rowIds(core)], [[], ['a']]);
    assert.equal((await answerTo('connections.profile', ['a', 'too many']))?.kind, 'error');
  });

  for (const sql of [
    'DELETE FROM profiles',
    "INSERT INTO profiles (id, json, position) VALUES ('x', '{}', 1)",
    "WITH x AS (SELECT 1) UPDATE profiles SET json = '{}'",
    'CREATE TABLE other (a)',
    'DROP TABLE profiles',
    'PRAGMA user_version = 9',
  ])
    it(`could change nothing even if its SQL said so: ${sql}`, () => {
      assert.throws(() => core.read(sql, []), /readonly/);
      assert.deepEqual(rowIds(core), ['a']);
      write(core, saveRow('b'));
      assert.deepEqual(rowIds(core), ['a', 'b'], 'a change that is one still is made');
    });

  it('whose answer would be more than a message holds is refused, and costs no more than that', () => {
    const twoMebibytes = 'SELECT hex(zeroblob(1048576)) FROM numbers';
    const many = `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) ${twoMebibytes}`;
    assert.throws(() => core.read(many, []), { reason: 'unsupported', message: /more than 32 MiB at once/ });
    assert.deepEqual(rowIds(core), ['a']);
  });
});

describe('The questions that windows know', () => {
  let access: DirectAccess;
  before(async () => (access = await directAccess()));
  after(() => access.close());

  it('can all be asked of an empty store, and give rows or none', async () => {
    for (const read of allReads) {
      const params = [...read.sql.matchAll(/\?/g)].map(() => 0);
      assert.ok(Array.isArray(await access.read(read, params)), read.name);
    }
  });

  it('each have a name of their own', () => {
    assert.equal(new Set(allReads.map(({ name }) => name)).size, allReads.length);
    assert.equal(sqlOfRead('toString'), undefined);
    assert.equal(historyPages.length, 2 * 3 * 2 * 2 * 3);
  });

  it('only grow: a name stays, and more of them raise the version by which owner and windows get on', () => {
    const known = readFileSync(join(repositoryRoot, 'test/golden/storeReads.txt'), 'utf8');
    const now = allReads.map(({ name }) => name).sort();
    assert.equal([`version ${readsVersion}`, ...now, ''].join('\n'), known);
  });
});
