import { useEffect, useMemo } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { base64OfBytes } from '../../app/bytes';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { ByteView } from './byteView';
import { draftKey } from '../../../src/protocol/draftKey';
import {
  besideProblem,
  type Draft,
  formFor,
  isDirty,
  isLocal,
  parseIn,
  reform,
  type Target,
  textIn,
  typedBytes,
} from './draft';
import { useDecoded } from './useDecoded';
import type { ValueModel } from './valueModel';
import { chooseView, hostView } from './viewChoice';

interface ByteEditorProps {
  readonly model: ValueModel;
  readonly id: string;
  readonly title: string;
  /** What is on the server, as far as is known. */
  readonly bytes: Uint8Array;
  /** What the edit is of; undefined where it cannot be changed here. */
  readonly target: Target | undefined;
  readonly readOnly: boolean;
  /** Only a part of the value: not worth decoding. */
  readonly partial?: boolean;
  /** There is nothing on the server yet: the first text makes it. */
  readonly absent?: boolean;
  /** More to do with this value, before Revert and Save. */
  readonly actions?: ComponentChildren;
}

/** Shows bytes in a fitting view and edits them as a draft; what the server sends meanwhile never replaces the draft. */
export function ByteEditor(props: ByteEditorProps) {
  const { model, id, title, bytes, target, readOnly } = props;
  const key = target && draftKey(target);
  const draft = useDirtyDraft(model, key);
  const { form, text, decoding, choice } = useShown(props, draft);
  useEffect(() => {
    model.shown.value = key;
  }, [key]);
  const edit = (typed: string): void => {
    const before = props.absent ? {} : { before: base64OfBytes(bytes) };
    if (target) model.drafts.put({ ...(draft ?? { target, ...before, form, shown: text }), text: typed });
  };
  const editable = isLocal(form) || decoding.decoded?.editable === true || draft !== undefined;
  return (
    <div class="bytes-editor" onKeyDown={(event) => cancelOnEscape(event, () => key && model.revert(key))}>
      <ByteView
        id={id}
        title={title}
        form={form}
        text={draft?.text ?? text}
        bytes={bytes}
        decoding={decoding}
        choice={choice}
        onView={(view) => chooseNext(model, draft, view)}
        viewFixed={draft !== undefined && !isLocal(draft.form)}
        dirty={draft !== undefined}
        onInput={target !== undefined && !readOnly && editable ? edit : undefined}
        actions={
          <>
            {props.actions}
            {key !== undefined && (draft || !readOnly) ? (
              <SaveButtons model={model} draftKey={key} draft={draft} readOnly={readOnly} />
            ) : null}
          </>
        }
      />
    </div>
  );
}

/** The view on screen and what it shows of the server's bytes. */
function useShown({ model, bytes, partial = false }: ByteEditorProps, draft: Draft | undefined) {
  const wanted = model.viewing.wanted.value;
  const view = draft && !isLocal(draft.form) ? draft.form : hostView(wanted);
  const decoding = useDecoded(model.viewing, bytes, view, !partial);
  const local = formFor((draft && typedBytes(draft)) ?? bytes);
  const choice = chooseView(decoding, wanted, local, draft?.form);
  const form = draft?.form ?? choice.id;
  const text = useMemo(
    () => (isLocal(form) ? textIn(form, bytes) : (decoding.decoded?.text ?? '')),
    [form, bytes, decoding.decoded],
  );
  return { form, text, decoding, choice };
}

/** Shows another view; an edit under way goes along only where its text can be read. */
function chooseNext(model: ValueModel, draft: Draft | undefined, view: string): void {
  const changed = draft && isLocal(view) ? reform(draft, view) : undefined;
  if (draft && !changed) return;
  if (changed) model.drafts.put(changed);
  model.viewing.choose(view);
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
  const locked = readOnly ? model.readOnlyReason.value : undefined;
  const misfit = draft && besideProblem(draft);
  const why = locked ?? misfit ?? (draft ? undefined : t('Nothing has been changed'));
  const readableText =
    draft !== undefined && (!isLocal(draft.form) || 'bytes' in parseIn(draft.form, draft.text));
  return (
    <>
      <Button
        label={t('Revert')}
        disabled={!draft || busy}
        hint={draft ? undefined : why}
        onClick={() => model.revert(key)}
      />
      <Button
        label={t('Save')}
        kind="primary"
        disabled={!readableText || misfit !== undefined || readOnly || busy}
        hint={why}
        onClick={() => model.save(key)}
      />
    </>
  );
}

function cancelOnEscape(event: KeyboardEvent, cancel: () => void): void {
  if (event.key !== 'Escape') return;
  event.stopPropagation();
  cancel();
}
