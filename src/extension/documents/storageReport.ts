import type { Dataset, DatasetUsage } from '../../engine/retention/dataset';
import type { StorageFile, StorageStatus } from '../../engine/retention/storage';
import { datasetName } from '../datasetName';
import type { Wording } from '../wording';
import { damageText } from './damageText';
import { factLines, part, tableLines, type Row } from './reportLines';

/** What the report on the store is made of. */
export interface StorageFacts {
  readonly status: StorageStatus;
  readonly usage: readonly DatasetUsage[];
  /** Datasets of which no more is collected. */
  readonly stopped: ReadonlySet<Dataset>;
  /** When it was read, milliseconds since the epoch. */
  readonly at: number;
}

/** Where the store stands, as text for people. */
export function storageReport(facts: StorageFacts, wording: Wording): string {
  const { t, moment } = wording;
  const { status } = facts;
  return [
    t('Storage of Cachify Studio, {0}', moment(facts.at)),
    '',
    ...part(t('Where and who'), whereLines(status, wording)),
    ...part(t('Files'), fileLines(status, wording)),
    ...part(t('Datasets'), datasetLines(facts, wording)),
    ...part(
      t('Lost at the last opening'),
      status.damage.map((each) => damageText(wording, each)),
    ),
    ...part(t('Kept aside, as it could not be read'), listOf(status.setAside, wording)),
    ...part(t('Next steps'), nextSteps(facts, wording)),
  ].join('\n');
}

function whereLines(status: StorageStatus, { t, number, moment }: Wording): string[] {
  const { folder, owner, epoch, schemaVersion, readOnlyBecause, saveFailure } = status;
  const works =
    saveFailure === undefined
      ? t('everything can be read and saved')
      : t('the last change was not saved. {0}', saveFailure);
  const who = owner.isThisWindow
    ? t('this window (process {0} on {1})', String(owner.pid), owner.host)
    : t('another window (process {0} on {1})', String(owner.pid), owner.host);
  return factLines([
    [t('Folder'), folder],
    [readOnlyBecause === undefined ? t('Kept by') : t('Only read by'), who],
    [t('Since'), moment(owner.since)],
    [t('Windows at work with it'), number(owner.windows)],
    [t('Changes of owner (epoch)'), number(epoch)],
    [t('Schema'), number(schemaVersion)],
    [t('State'), readOnlyBecause ?? works],
  ]);
}

function fileLines(status: StorageStatus, { t, bytes, number, moment }: Wording): string[] {
  const [snapshot] = status.snapshots;
  const [backup] = status.backups;
  const newest = ({ name, bytes: size, at }: StorageFile): string =>
    t('{0}, {1}, of {2}', name, bytes(size), moment(at));
  return factLines([
    [t('All files'), bytes(status.totalBytes)],
    [t('Journals since the newest snapshot'), bytes(status.journalBytes)],
    [t('Snapshots'), number(status.snapshots.length)],
    [t('Newest snapshot'), snapshot ? newest(snapshot) : t('none yet')],
    [t('Backups'), number(status.backups.length)],
    [t('Newest backup'), backup ? newest(backup) : t('none yet')],
  ]);
}

function datasetLines({ usage, stopped }: StorageFacts, wording: Wording): string[] {
  const { t, number, bytes, moment } = wording;
  const head: Row = [
    t('Dataset'),
    t('Records'),
    t('Database'),
    t('Payload files'),
    t('Held'),
    t('Oldest'),
    t('Newest'),
  ];
  const time = (at: number | undefined): string => (at === undefined ? '–' : moment(at));
  const rows = usage.map((each): Row => {
    const name = datasetName(wording, each.dataset);
    return [
      stopped.has(each.dataset) ? t('{0} (collecting stopped)', name) : name,
      number(each.rows),
      bytes(each.databaseBytes),
      bytes(each.payloadBytes),
      number(each.heldRows),
      time(each.oldestAt),
      time(each.newestAt),
    ];
  });
  return tableLines([head, ...rows]);
}

function listOf(files: readonly StorageFile[], { bytes, moment }: Wording): string[] {
  const rows = files.map(({ name, bytes: size, at }): Row => [name, bytes(size), moment(at)]);
  return tableLines(rows);
}

function nextSteps({ status, stopped }: StorageFacts, { t }: Wording): string[] {
  const steps: string[] = [];
  if (status.readOnlyBecause !== undefined)
    steps.push(
      t(
        'Nothing can be saved now. Mend what “State” says, then run “Reload Window”; room on a full disk is noticed by itself.',
      ),
    );
  if (status.saveFailure !== undefined)
    steps.push(
      t('Make room on the disk, or purge (“Open governance”): saving goes on by itself once it can.'),
    );
  if (status.damage.length > 0)
    steps.push(t('What could be read is in use. Run “Verify store” to check all of it.'));
  if (status.setAside.length > 0)
    steps.push(t('What was kept aside stays in the folder until you delete it: “Reveal storage folder”.'));
  if (stopped.size > 0) steps.push(t('Make room for what is not collected: “Open governance”.'));
  if (status.backups.length === 0 && status.saveFailure === undefined)
    steps.push(t('There is no backup yet: “Back up now”.'));
  return steps.length > 0 ? steps : [t('Nothing needs to be done.')];
}
