import { useState } from 'preact/hooks';
import { formatCount } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import { Button } from '../../../../components/button';
import { InlineForm } from '../../../../components/inlineForm';
import { Select } from '../../../../components/select';
import { TextField } from '../../../../components/textField';
import type { ValueModel } from '../../valueModel';

type By = 'length' | 'id';

interface TrimBarProps {
  readonly model: ValueModel;
  readonly total: number;
}

/** Deletes the oldest entries: down to a number, or below an id. The host asks before it does. */
export function TrimBar({ model, total }: TrimBarProps) {
  const [open, setOpen] = useState(false);
  const locked = model.readOnlyReason.value;
  return (
    <div class="trim-bar">
      <Button
        label={t('Trim…')}
        icon="fold-up"
        expanded={open}
        disabled={locked !== undefined}
        hint={locked}
        onClick={() => setOpen(!open)}
      />
      {open ? <TrimForm model={model} total={total} onClose={() => setOpen(false)} /> : null}
    </div>
  );
}

function TrimForm({ model, total, onClose }: TrimBarProps & { readonly onClose: () => void }) {
  const [by, setBy] = useState<By>('length');
  const [limit, setLimit] = useState('');
  const valid =
    by === 'length'
      ? /^\d{1,15}$/.test(limit) && Number(limit) < total
      : /^\d{1,20}(-\d{1,20})?$/.test(limit);
  const trim = (): void => {
    const to = by === 'length' ? { maxLength: Number(limit) } : { minId: limit };
    if (valid) model.change({ kind: 'stream', act: { act: 'trim', to } }, undefined, onClose);
  };
  return (
    <InlineForm label={t('Trim the stream')} onEnter={trim} onClose={onClose}>
      <Select<By>
        id="trim-by"
        label={t('Keep')}
        hideLabel
        value={by}
        onChange={setBy}
        options={[
          { value: 'length', label: t('Keep the newest') },
          { value: 'id', label: t('Keep from the id') },
        ]}
      />
      <TextField
        id="trim-limit"
        label={by === 'length' ? t('Entries to keep') : t('First id to keep')}
        hideLabel
        narrow
        value={limit}
        onInput={(text) => setLimit(text.trim())}
      />
      <Button
        label={by === 'length' && valid ? deletionOf(total - Number(limit)) : t('Trim')}
        disabled={!valid || model.saver.busy.value}
        onClick={trim}
      />
      <Button label={t('Cancel')} onClick={onClose} />
    </InlineForm>
  );
}

function deletionOf(count: number): string {
  return count === 1 ? t('Delete 1 entry') : t('Delete {0} entries', formatCount(count));
}
