import { useEffect, useMemo } from 'preact/hooks';
import { base64OfBytes } from '../../app/bytes';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { ByteView } from './byteView';
import { type Draft, draftKey, formFor, isDirty, parseIn, reform, textIn } from './draft';
import type { ValueModel, View } from './valueModel';

interface ByteEditorProps {
  readonly model: ValueModel;
  readonly id: string;
  readonly title: string;
  /** What is on the server, as far as is known. */
  readonly bytes: Uint8Array;
  /** Which change the edit becomes; undefined where this kind of value cannot be changed here. */
  readonly seed: Pick<Draft, 'kind' | 'field' | 'cas' | 'flags'> | undefined;
  readonly readOnly: boolean;
}

/** Shows bytes and edits them as a draft; what the server sends meanwhile never replaces the draft. */
export function ByteEditor({ model, id, title, bytes, seed, readOnly }: ByteEditorProps) {
  const key = seed && draftKey(seed);
  const draft = useDirtyDraft(model, key);
  const wanted = model.view.value;
  const form = draft?.form ?? formFor(bytes, wanted === 'escaped' ? 'escaped' : 'text');
  const original = useMemo(() => textIn(form, bytes), [form, bytes]);
  useEffect(() => {
    model.shown.value = key;
  }, [key]);

  const edit = (text: string): void => {
    if (!seed) return;
    model.drafts.put(draft ? { ...draft, text } : { ...seed, before: base64OfBytes(bytes), form, text });
  };
  const show = (view: View): void => {
    model.view.value = view;
    const changed = draft && view !== 'json' ? reform(draft, view) : undefined;
    if (changed) model.drafts.put(changed);
  };
  return (
    <div class="bytes-editor" onKeyDown={(event) => cancelOnEscape(event, () => key && model.revert(key))}>
      <ByteView
        id={id}
        title={title}
        form={form}
        text={draft?.text ?? original}
        view={wanted}
        onView={show}
        dirty={draft !== undefined}
        onInput={seed && !readOnly ? edit : undefined}
        actions={
          key !== undefined && (draft || !readOnly) ? (
            <SaveButtons model={model} draftKey={key} draft={draft} readOnly={readOnly} />
          ) : null
        }
      />
    </div>
  );
}

/** The edit under way; one that was typed back to the original is none, and holds nothing up. */
function useDirtyDraft(model: ValueModel, key: string | undefined): Draft | undefined {
  const draft = key === undefined ? undefined : model.drafts.get(key);
  return useMemo(() => (draft && isDirty(draft) ? draft : undefined), [draft]);
}

interface SaveButtonsProps {
  readonly model: ValueModel;
  readonly draftKey: string;
  readonly draft: Draft | undefined;
  readonly readOnly: boolean;
}

function SaveButtons({ model, draftKey: key, draft, readOnly }: SaveButtonsProps) {
  const busy = model.saver.busy.value;
  const savable = draft !== undefined && 'bytes' in parseIn(draft.form, draft.text) && !readOnly;
  return (
    <>
      <Button label={t('Revert')} disabled={!draft || busy} onClick={() => model.revert(key)} />
      <Button label={t('Save')} kind="primary" disabled={!savable || busy} onClick={() => model.save(key)} />
    </>
  );
}

function cancelOnEscape(event: KeyboardEvent, cancel: () => void): void {
  if (event.key !== 'Escape') return;
  event.stopPropagation();
  cancel();
}
