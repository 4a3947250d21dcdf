import assert from 'node:assert/strict';
import { StorageNotices, type StorageNotice } from '../../../src/extension/storageNotices';
import { english } from '../../helpers/wording';

function noticesOf() {
  const said: { kind: string; text: string; act: string }[] = [];
  const told: string[] = [];
  const notices = new StorageNotices({
    wording: english,
    say: (kind, text, act) => void said.push({ kind, text, act }),
    tell: (text) => void told.push(text),
  });
  return { notices, said, told };
}

const budget = { bytes: 15 << 20, budgetBytes: 16 << 20 };
const full: StorageNotice = { kind: 'stopped', dataset: 'alerts', ...budget };

describe('A notice of the store', () => {
  it('is said once a window and cause, of a dataset once for that dataset', () => {
    const { notices, said, told } = noticesOf();
    for (let times = 0; times < 2; times++) {
      notices.notify({ kind: 'storeFull' });
      notices.notify(full);
      notices.notify({ ...full, dataset: 'keySnapshots' });
      notices.notify({ kind: 'purged', dataset: 'alerts', rows: 5000, ...budget });
      notices.notify({ kind: 'purged', dataset: 'timelineEvents', ...budget });
    }
    assert.equal(said.length, 3);
    assert.deepEqual(told, [
      'Alerts: its 5,000 oldest records went, as its budget of 16 MiB was used up.',
      'Timeline: its oldest records went, as its budget of 16 MiB was used up.',
    ]);
  });

  it('says what a full disk means, and where to look', () => {
    const { notices, said } = noticesOf();
    notices.notify({ kind: 'storeFull' });
    assert.deepEqual([said[0]?.kind, said[0]?.act], ['error', 'showStorage']);
    assert.match(said[0]?.text ?? '', /nothing can be saved.*can still be read.*by itself/);
  });

  it('tells damage in numbers', () => {
    const { notices, said } = noticesOf();
    const damage = [
      { kind: 'cutBytes', count: 412 },
      { kind: 'missingJournals', count: 2 },
    ] as const;
    notices.notify({ kind: 'damaged', damage });
    assert.equal(said[0]?.act, 'showStorage');
    assert.match(said[0].text, /412 B\. Journals that are missing: 2\..*kept aside/);
  });

  it('offers to reload what is read-only because of another version or build', () => {
    const { notices, said } = noticesOf();
    notices.notify({ kind: 'newer' });
    notices.notify({ kind: 'otherBuild' });
    assert.deepEqual(
      said.map(({ act }) => act),
      ['reloadWindow', 'reloadWindow'],
    );
  });

  it('leads from a dataset that is full, or nearly, to governance', () => {
    const { notices, said, told } = noticesOf();
    notices.notify({ ...full, kind: 'warned' });
    notices.notify(full);
    notices.notify({ ...full, kind: 'resumed' });
    assert.ok(said.every(({ act }) => act === 'openGovernance'));
    assert.match(said[0]?.text ?? '', /^Alerts: 15 MiB of a budget of 16 MiB/);
    assert.match(said[1]?.text ?? '', /^Alerts: nothing new is recorded\..*What is stored stays/);
    assert.deepEqual([said.length, told], [2, ['Alerts: recorded again.']]);
  });

  it('says of a missing key that nothing was deleted', () => {
    const { notices, said } = noticesOf();
    notices.notify({ kind: 'payloadKeyMissing' });
    assert.match(said[0]?.text ?? '', /Nothing was deleted/);
  });
});
