import assert from 'node:assert/strict';
import { sqlite } from './storeFixture';

describe('A transaction that ends soon', () => {
  it('has ended for whoever asks next: a statement, a transaction, an export', async () => {
    const open = await sqlite();
    const database = open();
    database.run('CREATE TABLE t (a)');
    const rows: unknown[] = [];
    for (const next of [
      () => rows.push(database.query('SELECT count(*) FROM t')),
      () => {
        database.run('BEGIN');
        database.run('ROLLBACK');
      },
      () => database.exec('SAVEPOINT s; ROLLBACK TO s; RELEASE s'),
      () => (database.version = 7),
    ]) {
      database.run('BEGIN');
      database.run('INSERT INTO t VALUES (1)');
      database.commitSoon();
      next();
      assert.throws(() => database.run('COMMIT'), /no transaction is active/);
    }
    database.run('BEGIN');
    database.run('INSERT INTO t VALUES (1)');
    database.commitSoon();
    const exported = open(database.export());
    assert.deepEqual(rows, [[[1]]]);
    assert.deepEqual(exported.query('SELECT count(*) FROM t'), [[5]]);
    assert.equal(exported.version, 7);
    exported.close();
    database.close();
  });
});
