import { useState } from 'preact/hooks';
import { formatRemaining } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import { Button } from '../../../../components/button';
import { isCut } from '../../cellText';
import type { PageByKind } from '../../page';
import { TtlEditor } from '../../ttlEditor';
import type { ValueModel } from '../../valueModel';

interface FieldTtlProps {
  readonly model: ValueModel;
  readonly row: PageByKind['hash']['rows'][number];
}

/** When one field expires, where the server has such; setting it leaves the value as it is. */
export function FieldTtl({ model, row }: FieldTtlProps) {
  const [editing, setEditing] = useState(false);
  const { fieldTtl } = model.snapshot.value ?? {};
  if (!fieldTtl && row.ttlMs === undefined) return null;
  const busy = model.saver.busy.value;
  const set = (ttlSeconds: number | null): void => {
    const { bytes } = row.value;
    const edit = { field: row.field.bytes, before: bytes, after: bytes, ttlSeconds };
    model.change({ kind: 'elements', elements: { type: 'hash', edits: [edit] } });
    setEditing(false);
  };
  if (editing)
    return (
      <TtlEditor
        expires={row.ttlMs !== undefined}
        busy={busy}
        onSet={set}
        onRemove={() => set(null)}
        onClose={() => setEditing(false)}
      />
    );
  return (
    <div class="field-ttl">
      <span class="secondary">
        {row.ttlMs === undefined
          ? t('This field does not expire')
          : t('This field had {0} left when it was read', formatRemaining(row.ttlMs))}
      </span>
      <Button
        label={t('Edit field TTL')}
        disabled={busy || isCut(row.value) || model.readOnlyReason.value !== undefined}
        onClick={() => setEditing(true)}
      />
    </div>
  );
}
