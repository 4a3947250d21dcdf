import { useRef } from 'preact/hooks';
import { base64OfBytes } from '../../app/bytes';
import { parseEscaped } from '../../app/escapedText';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { TextField } from '../../components/textField';
import { useFirstFocus } from '../../components/useFirstFocus';
import { useReturnFocus } from '../../components/useReturnFocus';
import { draftKey } from '../../../src/protocol/draftKey';
import { type Draft, formFor, type Target, textIn } from './draft';
import type { ValueModel } from './valueModel';

interface RenameButtonProps {
  readonly model: ValueModel;
  readonly target: Target;
  readonly bytes: Uint8Array;
  /** The name as it is, escaped. */
  readonly title: string;
  /** A new name would lose something: the rest of the value, or its time to live. */
  readonly fixed: boolean;
}

/** Begins a draft that gives the element another name; its value goes along. */
export function RenameButton({ model, target, bytes, title, fixed }: RenameButtonProps) {
  const begin = (): void => {
    const form = formFor(bytes);
    const draft = model.drafts.get(draftKey(target));
    const text = textIn(form, bytes);
    model.drafts.put({
      ...(draft ?? { target, before: base64OfBytes(bytes), form, text, shown: text }),
      name: title,
    });
  };
  return (
    <Button
      label={t('Rename')}
      icon="edit"
      iconOnly
      disabled={fixed || model.readOnlyReason.value !== undefined}
      hint={fixed ? t('A field that has a TTL, or is not loaded whole, keeps its name') : t('Rename')}
      onClick={begin}
    />
  );
}

/** The new name of the element. */
export function RenameField({ model, draft }: { readonly model: ValueModel; readonly draft: Draft }) {
  const parsed = parseEscaped(draft.name ?? '');
  const box = useRef<HTMLDivElement>(null);
  useReturnFocus(box);
  useFirstFocus(box);
  return (
    <div class="new-element" ref={box}>
      <TextField
        id="rename"
        label={t('New name')}
        value={draft.name ?? ''}
        onInput={(name) => model.drafts.put({ ...draft, name })}
        error={'problem' in parsed ? parsed.problem : undefined}
        help={t('Text; write other bytes as \\xNN and a backslash as \\\\.')}
      />
    </div>
  );
}
