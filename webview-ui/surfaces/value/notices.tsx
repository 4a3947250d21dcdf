import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { NoticeBar } from '../../components/noticeBar';
import { Progress } from '../../components/progress';
import type { ValueModel } from './valueModel';

/** What the person must know or decide now, above the content: a webview has no dialogs. */
export function Notices({ model }: { readonly model: ValueModel }) {
  const failure = model.snapshot.value && model.reading.loading.failure.value;
  const more = model.reading.more.failure.value;
  return (
    <div class="notices">
      <Question model={model} />
      <TroubleNotice model={model} />
      {failure ? (
        <NoticeBar kind="error" text={failure.message} urgent>
          <Button label={t('Retry')} onClick={() => void model.reload()} />
        </NoticeBar>
      ) : null}
      {more ? <NoticeBar kind="error" text={more.message} urgent /> : null}
      {model.saver.busy.value ? (
        <Progress text={t('Waiting for the server…')} onCancel={() => model.saver.cancel()} />
      ) : null}
      <ReadOnlyNotice model={model} />
    </div>
  );
}

function ReadOnlyNotice({ model }: { readonly model: ValueModel }) {
  const reason = model.readOnlyReason.value;
  return reason && model.snapshot.value?.facts ? <NoticeBar kind="locked" text={reason} /> : null;
}

function Question({ model }: { readonly model: ValueModel }) {
  const question = model.question.value;
  if (!question) return null;
  const count = question.kind === 'refresh' ? model.drafts.dirty.value.length : 1;
  const keep = (): void => {
    model.question.value = undefined;
  };
  return (
    <NoticeBar
      kind="warning"
      urgent
      text={count > 1 ? t('Discard your {0} changes?', count) : t('Discard your change?')}
    >
      <Button
        label={question.kind === 'refresh' ? t('Discard and refresh') : t('Discard')}
        onClick={() => model.discard(question)}
      />
      <Button label={t('Keep editing')} onClick={keep} />
    </NoticeBar>
  );
}

function TroubleNotice({ model }: { readonly model: ValueModel }) {
  const trouble = model.saver.trouble.value;
  const dismiss = <Button label={t('Dismiss')} onClick={() => model.saver.clearTrouble()} />;
  const again = <Button label={t('Read again')} onClick={() => void model.reload()} />;
  if (trouble?.kind === 'unknown') {
    return (
      <NoticeBar kind="warning" text={trouble.message} urgent>
        {again}
        {dismiss}
      </NoticeBar>
    );
  }
  if (trouble?.kind === 'failed' || trouble?.kind === 'refused') {
    const text = trouble.kind === 'refused' ? trouble.message : trouble.failure.message;
    return (
      <NoticeBar kind="error" text={text} urgent>
        {dismiss}
      </NoticeBar>
    );
  }
  if (trouble?.kind === 'conflict' && !trouble.draft) {
    return (
      <NoticeBar
        kind="warning"
        text={t('The key changed on the server meanwhile. Nothing was changed.')}
        urgent
      >
        {again}
        {dismiss}
      </NoticeBar>
    );
  }
  return null;
}
