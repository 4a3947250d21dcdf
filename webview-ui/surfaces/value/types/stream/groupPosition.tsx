import { useState } from 'preact/hooks';
import { t } from '../../../../app/l10n';
import { Button } from '../../../../components/button';
import { TextField } from '../../../../components/textField';
import type { PageByKind } from '../../page';
import type { ValueModel } from '../../valueModel';

interface GroupPositionProps {
  readonly model: ValueModel;
  readonly group: PageByKind['stream']['groups'][number];
}

/** Where a group reads on; it can be moved, and the group deleted. */
export function GroupPosition({ model, group }: GroupPositionProps) {
  const [id, setId] = useState('');
  const locked = model.readOnlyReason.value;
  const busy = model.saver.busy.value;
  const valid = /^(\$|\d{1,20}(-\d{1,20})?)$/.test(id);
  const move = (): void =>
    model.change({ kind: 'stream', act: { act: 'setGroupId', group: group.name, from: id } }, undefined, () =>
      setId(''),
    );
  return (
    <div class="rows-bar">
      <span class="secondary">
        {t('Last delivered')} <span class="data">{group.lastDeliveredId}</span>
      </span>
      <TextField
        id="group-id"
        label={t('Read on after this id')}
        placeholder={t('Read on after this id')}
        hideLabel
        value={id}
        onInput={(text) => setId(text.trim())}
      />
      <Button
        label={t('Move')}
        disabled={!valid || locked !== undefined || busy}
        hint={locked}
        onClick={move}
      />
      <Button
        label={t('Delete group')}
        icon="trash"
        iconOnly
        disabled={locked !== undefined || busy}
        hint={locked}
        onClick={() => model.change({ kind: 'stream', act: { act: 'deleteGroup', group: group.name } })}
      />
    </div>
  );
}
