import { type ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { parseEscaped } from '../../app/escapedText';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { TextField } from '../../components/textField';
import { useFirstFocus } from '../../components/useFirstFocus';
import { useReturnFocus } from '../../components/useReturnFocus';
import { ByteView } from './byteView';
import { newKey } from '../../../src/protocol/draftKey';
import { type Draft, formFor, isLocal, parseIn, reform, type Target } from './draft';
import type { ValueModel } from './valueModel';
import { chooseView } from './viewChoice';

interface NewElementProps {
  readonly model: ValueModel;
  readonly target: Target;
  /** Words on the button, such as "Add field". */
  readonly addLabel: string;
  readonly valueLabel: string;
  /** Asks for the name of a field. */
  readonly named?: boolean;
  /** Whether what stands beside the bytes is complete. */
  readonly isComplete?: (draft: Draft) => boolean;
  /** What is asked for beside the bytes. */
  readonly children?: (draft: Draft, edit: (change: Partial<Draft>) => void) => ComponentChildren;
}

/** Adds an element; the server refuses one that is there by then. */
export function NewElement({
  model,
  target,
  addLabel,
  valueLabel,
  named = false,
  isComplete,
  children,
}: NewElementProps) {
  const draft = model.drafts.get(newKey) ?? { target, form: 'text', text: '' };
  const box = useRef<HTMLDivElement>(null);
  useReturnFocus(box);
  useFirstFocus(box);
  useEffect(() => {
    model.shown.value = newKey;
  }, []);
  const edit = (change: Partial<Draft>): void => model.drafts.put({ ...draft, ...change });
  const parsed = useMemo(
    () => parseIn(isLocal(draft.form) ? draft.form : 'text', draft.text),
    [draft.form, draft.text],
  );
  const bytes = 'bytes' in parsed ? parsed.bytes : new Uint8Array();
  const local = formFor(bytes);
  const complete = 'bytes' in parsed && (!named || isNamed(draft)) && (isComplete?.(draft) ?? true);
  return (
    <div class="detail" ref={box}>
      <div class="new-element">
        {named ? <NameField draft={draft} edit={edit} /> : null}
        {children?.(draft, edit)}
      </div>
      <ByteView
        id="new-element"
        title={valueLabel}
        form={draft.form}
        text={draft.text}
        bytes={bytes}
        decoding={{}}
        choice={chooseView({}, local, local, draft.form)}
        onView={(view) => edit(isLocal(view) ? (reform(draft, view) ?? {}) : {})}
        onInput={(text) => edit({ text })}
        actions={
          <>
            <Button label={t('Cancel')} onClick={() => model.revert(newKey)} />
            <Button
              label={addLabel}
              kind="primary"
              disabled={!complete || model.saver.busy.value || model.readOnlyReason.value !== undefined}
              onClick={() => {
                // an empty element is worth adding too, and has no draft yet
                model.drafts.put(draft);
                model.saveNew(draft);
              }}
            />
          </>
        }
      />
    </div>
  );
}

interface NameFieldProps {
  readonly draft: Draft;
  readonly edit: (change: Partial<Draft>) => void;
}

function NameField({ draft, edit }: NameFieldProps) {
  const name = parseEscaped(draft.name ?? '');
  return (
    <TextField
      id="new-element-name"
      label={t('Field name')}
      value={draft.name ?? ''}
      onInput={(typed) => edit({ name: typed })}
      error={'problem' in name ? name.problem : undefined}
      help={t('Text; write other bytes as \\xNN and a backslash as \\\\.')}
    />
  );
}

function isNamed({ name = '' }: Draft): boolean {
  return name !== '' && 'bytes' in parseEscaped(name);
}
