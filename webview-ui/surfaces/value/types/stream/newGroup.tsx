import { useState } from 'preact/hooks';
import { base64OfBytes } from '../../../../app/bytes';
import { parseEscaped } from '../../../../app/escapedText';
import { t } from '../../../../app/l10n';
import { Button } from '../../../../components/button';
import { Select } from '../../../../components/select';
import { TextField } from '../../../../components/textField';
import type { ValueModel } from '../../valueModel';

type From = '0' | '$';

/** Makes a consumer group, which reads from the first entry on or what comes from now on. */
export function NewGroup({ model }: { readonly model: ValueModel }) {
  const [name, setName] = useState('');
  const [from, setFrom] = useState<From>('0');
  const parsed = parseEscaped(name);
  const locked = model.readOnlyReason.value;
  const valid = name !== '' && 'bytes' in parsed && locked === undefined;
  const create = (): void => {
    if (!valid) return;
    const group = base64OfBytes(parsed.bytes);
    model.change({ kind: 'stream', act: { act: 'createGroup', group, from } }, undefined, () => setName(''));
  };
  return (
    <div class="rows-bar">
      <TextField
        id="new-group"
        label={t('Name of a new group')}
        placeholder={t('Name of a new group')}
        hideLabel
        value={name}
        onInput={setName}
        error={'problem' in parsed ? parsed.problem : undefined}
      />
      <Select<From>
        id="new-group-from"
        label={t('Reads')}
        hideLabel
        value={from}
        onChange={setFrom}
        options={[
          { value: '0', label: t('All entries') },
          { value: '$', label: t('New entries only') },
        ]}
      />
      <Button
        label={t('Create group')}
        disabled={!valid || model.saver.busy.value}
        hint={locked}
        onClick={create}
      />
    </div>
  );
}
