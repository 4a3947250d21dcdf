import type { PurgeDto } from '../../../src/protocol/governance';
import { formatBytes, formatCount } from '../../app/format';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { NoticeBar } from '../../components/noticeBar';
import { recordsText } from './datasetWords';
import type { PurgeFlow } from './purgeFlow';

interface ResultProps {
  readonly flow: PurgeFlow;
  readonly purge: PurgeDto;
}

/** How far it has come; it can be cancelled after each batch. */
export function PurgeRunning({ flow, purge }: ResultProps) {
  const { doneRows, remainingRows, freedBytes } = purge.progress ?? noneYet(flow);
  const total = doneRows + remainingRows;
  const gone = t('{0} of {1} gone', formatCount(doneRows), recordsText(total));
  return (
    <>
      <progress class="purge-progress" max={total} value={doneRows} aria-label={t('Purge')} />
      <p role="status">{[gone, ...freedText(freedBytes)].join(', ')}</p>
      <p class="part-text">{t('Closing this tab stops it after the batch at work.')}</p>
      <div class="purge-acts">
        <Button label={t('Cancel purge')} onClick={() => void flow.cancel()} />
      </div>
    </>
  );
}

function noneYet(flow: PurgeFlow) {
  return { doneRows: 0, remainingRows: flow.rows.value, freedBytes: 0 };
}

/** Bytes are known only once the file was shrunk, which comes last. */
function freedText(bytes: number): string[] {
  return bytes === 0 ? [] : [t('{0} freed', formatBytes(bytes))];
}

/** What was done, and what remains if it stopped. */
export function PurgeEnded({ flow, purge }: ResultProps) {
  const { doneRows = 0, remainingRows = 0, freedBytes = 0, stopped, message } = purge.progress ?? {};
  const done = `${[t('{0} purged', recordsText(doneRows)), ...freedText(freedBytes)].join(', ')}.`;
  if (!stopped) {
    return (
      <>
        <NoticeBar kind="info" text={done} />
        <div class="purge-acts">
          <Button label={t('Close')} kind="primary" onClick={() => void flow.close()} />
        </div>
      </>
    );
  }
  const why = stopped === 'cancelled' ? t('You cancelled it.') : (message ?? t('The store did not go on.'));
  const remain = t(
    '{0} remain; they are whole and can be purged with the same preview.',
    recordsText(remainingRows),
  );
  return (
    <>
      <NoticeBar
        kind={stopped === 'cancelled' ? 'warning' : 'error'}
        text={[why, done, remain].join(' ')}
        urgent
      />
      <div class="purge-acts">
        <Button
          label={t('Retry: purge the other {0}', recordsText(remainingRows))}
          kind="primary"
          disabled={flow.busy.value}
          onClick={() => void flow.retry()}
        />
        <Button label={t('Close')} disabled={flow.busy.value} onClick={() => void flow.close()} />
      </div>
    </>
  );
}
