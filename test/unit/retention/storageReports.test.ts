import assert from 'node:assert/strict';
import { damageText } from '../../../src/extension/documents/damageText';
import { storageReport } from '../../../src/extension/documents/storageReport';
import { verifyText } from '../../../src/extension/documents/verifyText';
import { day, FakeStorage, noon, soundStatus, usageOf } from '../../helpers/retentionFakes';
import { english } from '../../helpers/wording';

const usage = [
  usageOf('timelineEvents', { rows: 1_204_311, databaseBytes: 88_080_384, heldRows: 1 }),
  { dataset: 'alerts', rows: 0, databaseBytes: 0, payloadBytes: 0, heldRows: 0 } as const,
];
const facts = { status: soundStatus, usage, stopped: new Set<never>(), at: noon };

describe('The report on the store', () => {
  it('tells where it is, who keeps it, what it takes, and that all is well', () => {
    const text = storageReport(facts, english);
    for (const part of [
      '/home/me/.config/Code/User/globalStorage/cachify.cachify-studio',
      'this window (process 4312 on laptop)',
      /Windows at work with it +3/,
      /Changes of owner \(epoch\) +7/,
      /Schema +2/,
      /All files +392.9 MiB/,
      /Journals since the newest snapshot +1.1 MiB/,
      /Newest backup +backup-2026-11-19.sqlite, 90.6 MiB/,
      /^Timeline +1,204,311 +84 MiB +0 B +1 /m,
      /^Alerts +0 +0 B +0 B +0 +– +–$/m,
      'Nothing needs to be done.',
    ])
      assert.ok(typeof part === 'string' ? text.includes(part) : part.test(text), `${part} in\n${text}`);
    assert.doesNotMatch(text, /Lost at the last opening|Kept aside/);
  });

  it('tells what was lost in numbers, what was kept aside, and what to do', () => {
    const status = {
      ...soundStatus,
      owner: { ...soundStatus.owner, isThisWindow: false },
      readOnlyBecause: 'A newer version has written it.',
      backups: [],
      snapshots: [],
      damage: [
        { kind: 'cutBytes', count: 2048 },
        { kind: 'failedTransactions', count: 3 },
      ],
      setAside: [{ name: 'journal-4.log.damaged', bytes: 2048, at: noon - day }],
    } as const;
    const text = storageReport({ ...facts, status, stopped: new Set(['alerts']) }, english);
    for (const part of [
      /Only read by +another window \(process 4312 on laptop\)/,
      'A newer version has written it.',
      'Left out at the ends of journals: 2 KiB.',
      'Transactions that could not be applied again: 3.',
      'journal-4.log.damaged',
      'Alerts (collecting stopped)',
      'There is no backup yet',
      'Run “Verify store”',
    ])
      assert.ok(typeof part === 'string' ? text.includes(part) : part.test(text), `${part} in\n${text}`);
  });

  it('does not say that all can be saved while the last change was not', () => {
    const status = { ...soundStatus, saveFailure: 'Saving failed because the disk is full' };
    const text = storageReport({ ...facts, status }, english);
    assert.match(text, /State +the last change was not saved\. .* disk is full/);
    assert.match(text, /Make room on the disk/);
    assert.doesNotMatch(text, /Nothing needs to be done/);
  });

  it('has a sentence for each kind of damage', () => {
    const kinds = [
      'damagedSnapshots',
      'cutJournals',
      'cutBytes',
      'missingBytes',
      'missingJournals',
      'missingChanges',
      'failedTransactions',
    ] as const;
    const texts = kinds.map((kind) => damageText(english, { kind, count: 1234 }));
    assert.equal(new Set(texts).size, kinds.length);
    for (const text of texts) assert.match(text, /: (1,234|1\.2 KiB)\.$/);
  });
});

describe('The report of a check', () => {
  it('says that a sound store is sound', () => {
    const text = verifyText(new FakeStorage().report, noon, english);
    assert.match(text, /^The store is sound\.\nChecked on .*, in 1\.8 s\./);
    assert.match(text, /history_events +12,000 +12,000 +agree/);
    assert.match(text, /Nothing needs to be done\./);
  });

  it('says what differs, what is damaged, and that nothing was changed', () => {
    const text = verifyText(
      {
        ...new FakeStorage().report,
        isSound: false,
        integrity: ['row 3 missing from index'],
        tables: [{ table: 'alerts', rows: 4, replayedRows: 3, agrees: false }],
        damage: [{ kind: 'missingJournals', count: 1 }],
        payloads: { checked: 9, missing: 1, damaged: 2, withoutKey: 4 },
      },
      noon,
      english,
    );
    assert.match(text, /^The store is not sound\. Nothing was changed\./);
    for (const part of [
      'row 3 missing from index',
      /alerts +4 +3 +differ/,
      /Missing +1\n/,
      /Altered or damaged +2\n/,
      'Journals that are missing: 1.',
      'copy it away before anything else',
      'Unlock the system keyring',
    ])
      assert.ok(typeof part === 'string' ? text.includes(part) : part.test(text), `${part} in\n${text}`);
  });

  it('says to back up what is in use while it is whole and its files are not', () => {
    const damaged = { ...new FakeStorage().report, isSound: false } as const;
    const files = { ...damaged, damage: [{ kind: 'damagedSnapshots', count: 2 }] } as const;
    assert.match(verifyText(files, noon, english), /“Back up now” before you close the last window/);
    const both = { ...files, integrity: ['row 3 missing from index'] };
    assert.doesNotMatch(verifyText(both, noon, english), /before you close the last window/);
  });
});
