import { useEffect } from 'preact/hooks';
import type { ConnectionForm } from '../../../src/protocol/connectionEditor';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { EnvironmentBadge } from '../../components/environmentBadge';
import { ErrorPanel } from '../../components/errorPanel';
import { Header } from '../../components/header';
import { NoticeBar } from '../../components/noticeBar';
import { Progress } from '../../components/progress';
import { AuthGroup } from './authGroup';
import { BehaviourGroup } from './behaviourGroup';
import type { ConnectionModel } from './connectionModel';
import { controlId } from './formField';
import { SafetyGroup } from './safetyGroup';
import { ServerGroup } from './serverGroup';
import { TestResult } from './testReport';
import { TlsGroup } from './tlsGroup';

/** The connection editor. Closing its tab cancels. */
export function ConnectionPanel({ model }: { readonly model: ConnectionModel }) {
  const wanted = model.focus.value;
  useEffect(() => {
    if (wanted === undefined) return;
    document.getElementById(controlId(wanted))?.focus();
    model.focus.value = undefined;
  }, [wanted]);
  const form = model.form.value;
  return form ? <Editor model={model} form={form} /> : <NotLoaded model={model} />;
}

function NotLoaded({ model }: { readonly model: ConnectionModel }) {
  const failure = model.loading.failure.value;
  return (
    <main class="panel-waiting">
      <h1 class="spoken-only">{t('Connection')}</h1>
      {failure ? (
        <ErrorPanel
          title={t('The connection could not be read')}
          failure={failure}
          onRetry={() => void model.load()}
        />
      ) : (
        <Progress text={t('Reading the connection…')} />
      )}
    </main>
  );
}

interface EditorProps {
  readonly model: ConnectionModel;
  readonly form: ConnectionForm;
}

function Editor({ model, form }: EditorProps) {
  const title = model.loading.data.value?.mode === 'edit' ? t('Edit connection') : t('New connection');
  const failure = model.failure.value;
  return (
    <div class="panel">
      <Header
        title={title}
        where={
          <>
            <EnvironmentBadge environment={form.environment} />
            <span class="where-path">{form.name || t('Without a name yet')}</span>
          </>
        }
        actions={<Actions model={model} />}
      />
      <div class="notices">
        {failure ? <NoticeBar kind="error" text={failure.message} urgent /> : null}
        {model.hasLost.value ? (
          <NoticeBar
            kind="warning"
            text={t('Secrets and files are not kept when the window is loaded anew: enter them again.')}
          />
        ) : null}
        <OtherProblems model={model} />
        <TestResult model={model} />
      </div>
      <main class="panel-content">
        <div class="form">
          <ServerGroup model={model} form={form} />
          <AuthGroup model={model} form={form} />
          <TlsGroup model={model} form={form} />
          <SafetyGroup model={model} form={form} />
          <BehaviourGroup model={model} form={form} />
        </div>
      </main>
    </div>
  );
}

function Actions({ model }: { readonly model: ConnectionModel }) {
  const stopped = model.busy.value || model.impossible.value !== undefined;
  const hint = model.impossible.value;
  return (
    <>
      <Button
        label={t('Test')}
        icon="beaker"
        disabled={stopped || model.test.loading.value}
        hint={hint}
        onClick={() => void model.runTest()}
      />
      <Button label={t('Save')} disabled={stopped} hint={hint} onClick={() => void model.save(false)} />
      <Button
        label={t('Save and connect')}
        kind="primary"
        disabled={stopped}
        hint={hint}
        onClick={() => void model.save(true)}
      />
    </>
  );
}

/** Problems of fields that are not on screen must not be lost. */
function OtherProblems({ model }: { readonly model: ConnectionModel }) {
  const form = model.form.value;
  const lost = [...model.problems.value].filter(([field]) => form && !hasField(field, form));
  return (
    <>
      {lost.map(([field, message]) => (
        <NoticeBar key={field} kind="error" text={message} urgent />
      ))}
    </>
  );
}

function hasField(field: string, form: ConnectionForm): boolean {
  const endpoint = /^endpoints\.(\d+)\.(host|port|path)$/.exec(field);
  if (endpoint) {
    const kind = form.endpoints[Number(endpoint[1])]?.kind;
    return kind !== undefined && (endpoint[2] === 'path') === (kind === 'unix');
  }
  if (field === 'username') return form.authMethod !== 'none';
  if (field === 'servername' || field.endsWith('File')) return form.tlsEnabled;
  if (field === 'dbIndex') return form.engine === 'redis';
  return [
    'name',
    'authMethod',
    'tlsEnabled',
    'tags',
    'timeoutMs',
    'retryMaxAttempts',
    'retryBackoffMs',
  ].includes(field);
}
