import type { VerifyReport } from '../../engine/retention/storage';
import type { Wording } from '../wording';
import { damageText } from './damageText';
import { factLines, part, tableLines, type Row } from './reportLines';

/** What a check of the store found, as text for people. */
export function verifyText(report: VerifyReport, at: number, wording: Wording): string {
  const { t, moment, number } = wording;
  const seconds = number(Math.round(report.durationMs / 100) / 10);
  return [
    report.isSound ? t('The store is sound.') : t('The store is not sound. Nothing was changed.'),
    t('Checked on {0}, in {1} s.', moment(at), seconds),
    '',
    ...part(t('Database, as SQLite checks it'), report.integrity),
    ...part(t('Tables, against the files read anew'), tableRows(report, wording)),
    ...part(t('Payload files'), payloadLines(report, wording)),
    ...part(
      t('What could not be read of the files'),
      report.damage.map((each) => damageText(wording, each)),
    ),
    ...part(t('Next steps'), nextSteps(report, wording)),
  ].join('\n');
}

function tableRows({ tables }: VerifyReport, { t, number }: Wording): string[] {
  const head: Row = [t('Table'), t('Rows in use'), t('Rows in the files'), t('Contents')];
  const rows = tables.map(({ table, rows: used, replayedRows, agrees }): Row => [
    table,
    number(used),
    number(replayedRows),
    agrees ? t('agree') : t('differ'),
  ]);
  return tableLines([head, ...rows]);
}

function payloadLines({ payloads }: VerifyReport, { t, number }: Wording): string[] {
  return factLines([
    [t('Checked'), number(payloads.checked)],
    [t('Missing'), number(payloads.missing)],
    [t('Altered or damaged'), number(payloads.damaged)],
    [t('Only measured, as their key is not on this machine'), number(payloads.withoutKey)],
  ]);
}

function nextSteps({ isSound, integrity, tables, damage, payloads }: VerifyReport, { t }: Wording): string[] {
  const steps: string[] = [];
  const isWholeInUse = integrity.length === 1 && integrity[0] === 'ok';
  if (isWholeInUse && (damage.length > 0 || tables.some(({ agrees }) => !agrees)))
    steps.push(
      t(
        'What is in use is whole, only its files are not: run “Back up now” before you close the last window.',
      ),
    );
  if (!isSound) {
    steps.push(
      t('Keep the folder as it is: copy it away before anything else (“Reveal storage folder”).'),
      t(
        '“Back up now” writes what is in use to a file of its own; “Show storage” lists the backups there are.',
      ),
    );
  }
  if (payloads.withoutKey > 0)
    steps.push(t('Unlock the system keyring and verify again to check those payload files too.'));
  return steps.length > 0 ? steps : [t('Nothing needs to be done.')];
}
