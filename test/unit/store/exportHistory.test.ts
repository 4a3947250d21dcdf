import assert from 'node:assert/strict';
import { exportHistory } from '../../../src/engine/retention/exportHistory';
import { StoredHistory } from '../../../src/providers/store/historyStore';
import { RowParser } from '../../../src/providers/store/rowParser';
import { type DirectAccess, directAccess } from './directAccess';
import { eventAt } from './retentionFixture';
import { keptLog } from './storeFixture';

const never = new AbortController().signal;

describe('An export of the history', () => {
  let access: DirectAccess;
  let history: StoredHistory;
  let text: string;
  const writer = { write: (more: string): Promise<void> => Promise.resolve(void (text += more)) };
  beforeEach(async () => {
    access = await directAccess();
    history = new StoredHistory(access, new RowParser(keptLog()));
    text = '';
  });
  afterEach(() => access.close());

  function written(): number[] {
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { seq: number }).seq);
  }

  it('has every event there was at its start, oldest first, and none that came meanwhile', async () => {
    await history.append(Array.from({ length: 2500 }, (_, index) => eventAt(5000 - index)));
    const told: number[] = [];
    const onProgress = (events: number): void => {
      told.push(events);
      void history.append([eventAt(1)]);
    };
    assert.deepEqual(await exportHistory(history, writer, onProgress, never), {
      events: 2500,
      isCancelled: false,
    });
    assert.deepEqual(
      written(),
      Array.from({ length: 2500 }, (_, index) => index + 1),
    );
    assert.deepEqual(told, [1000, 2000, 2500]);
  });

  it('goes on behind a page of rows that cannot be read', async () => {
    await history.append(Array.from({ length: 1500 }, () => eventAt(1)));
    access.database.run("UPDATE history_events SET status = 'torn' WHERE seq <= 1200");
    const { events } = await exportHistory(history, writer, () => undefined, never);
    assert.equal(events, 300);
    assert.equal(written()[0], 1201);
  });

  it('ends when it is cancelled, with whole lines', async () => {
    await history.append(Array.from({ length: 2500 }, () => eventAt(1)));
    const cancel = new AbortController();
    const result = await exportHistory(history, writer, () => cancel.abort(), cancel.signal);
    assert.deepEqual(result, { events: 1000, isCancelled: true });
    assert.equal(written().length, 1000);
  });

  it('rejects when a line cannot be written', async () => {
    await history.append([eventAt(1)]);
    const full = { write: () => Promise.reject(new Error('full')) };
    await assert.rejects(
      exportHistory(history, full, () => undefined, never),
      /full/,
    );
  });
});
