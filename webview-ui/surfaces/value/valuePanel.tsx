import { useEffect, useState } from 'preact/hooks';
import type { ValueSnapshot } from '../../../src/protocol/value';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { EmptyState } from '../../components/emptyState';
import { ErrorPanel } from '../../components/errorPanel';
import { Progress } from '../../components/progress';
import { ConflictPanel } from './conflictPanel';
import type { Draft } from './draft';
import { Notices } from './notices';
import { StrandedDrafts } from './strandedDrafts';
import { TtlEditor } from './ttlEditor';
import { drawPage } from './types/registry';
import { ValueFooter } from './valueFooter';
import { FlagsEditor } from './flagsEditor';
import { type HeaderForm, ValueHeader } from './valueHeader';
import type { ValueModel } from './valueModel';

/** One key: its header, its value, and what is known about both. */
export function ValuePanel({ model }: { readonly model: ValueModel }) {
  useEffect(() => onSave(() => void model.saveAll()), [model]);
  const snapshot = model.snapshot.value;
  return snapshot ? <Loaded model={model} snapshot={snapshot} /> : <NotLoaded model={model} />;
}

function NotLoaded({ model }: { readonly model: ValueModel }) {
  const failure = model.reading.loading.failure.value;
  const drafts = failure ? model.drafts.dirty.value : [];
  return (
    <main class="panel-waiting">
      <h1 class="spoken-only">{t('Value')}</h1>
      {failure ? (
        <ErrorPanel
          title={t('The value could not be read')}
          failure={failure}
          onRetry={() => void model.reload()}
        />
      ) : (
        <Progress text={t('Reading the value…')} />
      )}
      {drafts.length > 0 ? <StrandedDrafts model={model} drafts={drafts} /> : null}
    </main>
  );
}

interface LoadedProps {
  readonly model: ValueModel;
  readonly snapshot: ValueSnapshot;
}

function Loaded({ model, snapshot }: LoadedProps) {
  const [form, setForm] = useState<HeaderForm | undefined>(undefined);
  return (
    <div class="panel">
      <ValueHeader
        model={model}
        snapshot={snapshot}
        form={form}
        onForm={(next) => setForm(next === form ? undefined : next)}
      />
      <HeaderForms model={model} snapshot={snapshot} form={form} onClose={() => setForm(undefined)} />
      <Notices model={model} />
      <main class="panel-content" aria-busy={model.reading.loading.loading.value}>
        <Content model={model} snapshot={snapshot} />
      </main>
      <ValueFooter model={model} snapshot={snapshot} />
    </div>
  );
}

interface HeaderFormsProps extends LoadedProps {
  readonly form: HeaderForm | undefined;
  readonly onClose: () => void;
}

function HeaderForms({ model, snapshot: { facts }, form, onClose }: HeaderFormsProps) {
  const busy = model.saver.busy.value;
  const act = (run: () => void): void => {
    run();
    onClose();
  };
  if (form === 'ttl' && facts)
    return (
      <TtlEditor
        expires={facts.expireAtMs !== undefined}
        busy={busy}
        onSet={(seconds) => act(() => model.setTtl(seconds))}
        onRemove={() => act(() => model.removeTtl())}
        onClose={onClose}
      />
    );
  if (form === 'flags' && facts?.flags !== undefined)
    return (
      <FlagsEditor
        flags={facts.flags}
        busy={busy}
        onSet={(flags) => act(() => model.setFlags(flags))}
        onClose={onClose}
      />
    );
  return null;
}

function Content({ model, snapshot }: LoadedProps) {
  const trouble = model.saver.trouble.value;
  const page = model.page.value;
  const stranded = model.drafts.dirty.value.filter((draft) => isStranded(draft, snapshot));
  if (trouble?.kind === 'conflict' && trouble.draft) return <ConflictPanel model={model} trouble={trouble} />;
  return (
    <>
      {stranded.length > 0 ? <StrandedDrafts model={model} drafts={stranded} /> : null}
      {snapshot.facts && page ? drawPage(page.kind, page, model) : <Gone model={model} />}
    </>
  );
}

function Gone({ model }: { readonly model: ValueModel }) {
  return (
    <EmptyState
      icon="circle-slash"
      title={t('This key does not exist')}
      text={t('It expired, was deleted, or was never there.')}
    >
      <Button label={t('Read again')} kind="primary" icon="refresh" onClick={() => void model.reload()} />
    </EmptyState>
  );
}

function isStranded(draft: Draft, { facts }: ValueSnapshot): boolean {
  return facts?.type !== draft.target.kind;
}

/** Ctrl+S or Cmd+S; nothing else in the page or in VS Code gets to see it. */
function onSave(save: () => void): () => void {
  const handle = (event: KeyboardEvent): void => {
    if (
      event.key.toLowerCase() !== 's' ||
      !(event.ctrlKey || event.metaKey) ||
      event.altKey ||
      event.shiftKey
    )
      return;
    event.preventDefault();
    event.stopPropagation();
    save();
  };
  document.addEventListener('keydown', handle, { capture: true });
  return () => document.removeEventListener('keydown', handle, { capture: true });
}
