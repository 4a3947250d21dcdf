import { useState } from 'preact/hooks';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { InlineForm } from '../../components/inlineForm';
import { TextField } from '../../components/textField';

/** Largest client flags of Memcached: 32 bits. */
const largest = 0xffff_ffff;

interface FlagsEditorProps {
  readonly flags: number;
  readonly busy: boolean;
  readonly onSet: (flags: number) => void;
  readonly onClose: () => void;
}

/** Sets the client flags of an item, by which clients know how its value is written; the value stays. */
export function FlagsEditor({ flags, busy, onSet, onClose }: FlagsEditorProps) {
  const [typed, setTyped] = useState(String(flags));
  const parsed = /^(\d{1,10}|0x[0-9a-f]{1,8})$/i.test(typed) ? Number(typed) : undefined;
  const valid = parsed !== undefined && parsed <= largest;
  const set = (): void => {
    if (valid && !busy) onSet(parsed);
  };
  return (
    <InlineForm label={t('Edit flags')} onEnter={set} onClose={onClose}>
      <TextField
        id="flags"
        label={t('Client flags')}
        hideLabel
        narrow
        value={typed}
        onInput={setTyped}
        error={valid ? undefined : t('A number from 0 to 4294967295, or 0x and hex.')}
        maxLength={10}
      />
      <Button label={t('Set flags')} disabled={!valid || parsed === flags || busy} onClick={set} />
      <Button label={t('Cancel')} onClick={onClose} />
      <p class="secondary">
        {t('Clients read the type of a value from its flags: a wrong one makes it unreadable for them.')}
      </p>
    </InlineForm>
  );
}
