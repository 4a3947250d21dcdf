import type { TestReportDto } from '../../../src/protocol/connectionEditor';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { Icon } from '../../components/icon';
import { NoticeBar } from '../../components/noticeBar';
import { Progress } from '../../components/progress';
import type { ConnectionModel } from './connectionModel';

/** What a test of the form found; nothing while none was made. */
export function TestResult({ model }: { readonly model: ConnectionModel }) {
  const report = model.test.data.value;
  const failure = model.test.failure.value;
  if (model.test.loading.value)
    return <Progress text={t('Testing the connection…')} onCancel={() => model.test.cancel()} />;
  if (failure) return <NoticeBar kind="error" text={failure.message} urgent />;
  return report ? <Report report={report} onClose={() => model.test.put(undefined)} /> : null;
}

function Report({ report, onClose }: { readonly report: TestReportDto; readonly onClose: () => void }) {
  return (
    <section
      class={report.ok ? 'report report-ok' : 'report report-failed'}
      aria-label={t('Test result')}
      tabIndex={0}
    >
      <div class="report-head" role={report.ok ? 'status' : 'alert'}>
        <Icon name={report.ok ? 'pass-filled' : 'error'} />
        <h2>{report.headline}</h2>
        <Button label={t('Close test result')} icon="close" iconOnly onClick={onClose} />
      </div>
      {report.lines.length > 0 ? (
        <dl class="report-lines">
          {report.lines.map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {report.missing.length > 0 ? (
        <>
          <h3>{t('Not available on this server')}</h3>
          <ul class="report-missing">
            {report.missing.map(({ name, reason }) => (
              <li key={name}>
                <strong>{name}</strong> {reason}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}
