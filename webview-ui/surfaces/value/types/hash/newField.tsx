import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { parseEscaped } from '../../../../app/escapedText';
import { t } from '../../../../app/l10n';
import { Button } from '../../../../components/button';
import { TextField } from '../../../../components/textField';
import { ByteView } from '../../byteView';
import { type Draft, parseIn, reform } from '../../draft';
import type { ValueModel } from '../../valueModel';

const blank: Draft = { kind: 'hash', fieldText: '', form: 'text', text: '' };

/** Names a new field and gives it a value; saving is refused when the field exists by then. */
export function NewField({ model }: { readonly model: ValueModel }) {
  const draft = model.drafts.get('new') ?? blank;
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => focusName(box.current), []);
  useEffect(() => {
    model.shown.value = 'new';
  }, []);
  const edit = (change: Partial<Draft>): void => model.drafts.put({ ...draft, ...change });
  const name = parseEscaped(draft.fieldText ?? '');
  const problem = 'problem' in name ? name.problem : undefined;
  const valid = 'bytes' in name && draft.fieldText !== '' && 'bytes' in parseIn(draft.form, draft.text);
  return (
    <div class="detail" ref={box}>
      <div class="new-field">
        <TextField
          id="new-field-name"
          label={t('Field name')}
          value={draft.fieldText ?? ''}
          onInput={(fieldText) => edit({ fieldText })}
          error={problem}
          help={t('Text; write other bytes as \\xNN and a backslash as \\\\.')}
        />
      </div>
      <ByteView
        id="new-field"
        title={t('New value')}
        form={draft.form}
        text={draft.text}
        view={draft.form}
        onView={(view) => edit(view === 'json' ? {} : (reform(draft, view) ?? {}))}
        onInput={(text) => edit({ text })}
        actions={
          <>
            <Button label={t('Cancel')} onClick={() => model.revert('new')} />
            <Button
              label={t('Add field')}
              kind="primary"
              disabled={!valid || model.saver.busy.value || model.readOnlyReason.value !== undefined}
              onClick={() => model.save('new')}
            />
          </>
        }
      />
    </div>
  );
}

function focusName(box: HTMLElement | null): void {
  // The toolkit draws the input a moment after its element is attached.
  requestAnimationFrame(() => box?.querySelector<HTMLElement>('#new-field-name')?.focus());
}
