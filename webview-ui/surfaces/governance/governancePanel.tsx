import type { GovernanceState } from '../../../src/protocol/governance';
import { formatBytes, formatTime } from '../../app/format';
import { t } from '../../app/l10n';
import { ErrorPanel } from '../../components/errorPanel';
import { NoticeBar } from '../../components/noticeBar';
import { Progress } from '../../components/progress';
import { DatasetTable } from './datasetTable';
import { recordsText } from './datasetWords';
import { GovernanceHeader } from './governanceHeader';
import type { GovernanceModel } from './governanceModel';
import { HoldList } from './holdList';
import { PurgePart } from './purgePart';
import { StorageBars } from './storageBars';

/** The governance panel, page Retention. */
export function GovernancePanel({ model }: { readonly model: GovernanceModel }) {
  const state = model.reading.data.value;
  return state ? <Retention model={model} state={state} /> : <NotRead model={model} />;
}

function NotRead({ model }: { readonly model: GovernanceModel }) {
  const failure = model.reading.failure.value;
  return (
    <main class="panel-waiting">
      <h1 class="spoken-only">{t('Retention')}</h1>
      {failure ? (
        <ErrorPanel
          title={t('What is stored could not be read')}
          failure={failure}
          onRetry={() => void model.load()}
        />
      ) : (
        <Progress text={t('Measuring what is stored…')} />
      )}
    </main>
  );
}

interface RetentionProps {
  readonly model: GovernanceModel;
  readonly state: GovernanceState;
}

function Retention({ model, state }: RetentionProps) {
  return (
    <div class="panel">
      <GovernanceHeader model={model} state={state} />
      <Notices model={model} state={state} />
      {/* Read-only, nothing in it may take the focus, and still it has to scroll by keyboard. */}
      <main class="panel-content" tabIndex={0}>
        <div class="retention">
          <PurgePart model={model} state={state} />
          <StorageBars state={state} />
          <DatasetTable model={model} state={state} />
          <HoldList model={model} state={state} />
        </div>
      </main>
      <Footer state={state} />
    </div>
  );
}

function Notices({ model, state }: RetentionProps) {
  const failure = model.failure.value ?? model.reading.failure.value;
  const { readOnlyBecause } = state;
  return (
    <div class="notices">
      {readOnlyBecause === undefined ? null : (
        <NoticeBar
          kind="locked"
          text={t('Nothing can be changed here now. {0}', sentence(readOnlyBecause))}
        />
      )}
      {failure ? <NoticeBar kind="error" text={failure.message} urgent /> : null}
    </div>
  );
}

/** What the store says of itself, closed like a sentence. */
function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

function Footer({ state }: { readonly state: GovernanceState }) {
  const rows = state.datasets.reduce((sum, each) => sum + each.rows, 0);
  return (
    <footer class="panel-footer">
      <div class="footer-facts">
        <span>{recordsText(rows)}</span>
        <span title={t('Database, journals, snapshots, backups and payload files')}>
          {t('{0} on disk', formatBytes(state.totalBytes))}
        </span>
      </div>
      <div>{t('measured {0}', formatTime(state.readAt))}</div>
    </footer>
  );
}
