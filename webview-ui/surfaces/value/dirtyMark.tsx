import { t } from '../../app/l10n';
import { draftKey } from '../../../src/protocol/draftKey';
import type { Target } from './draft';
import type { ValueModel } from './valueModel';

/** A dot before what has an unsaved edit. */
export function DirtyMark({ model, target }: { readonly model: ValueModel; readonly target: Target }) {
  const key = draftKey(target);
  if (!model.drafts.dirty.value.some((draft) => draftKey(draft.target) === key)) return null;
  return (
    <span class="dirty" title={t('Not saved')}>
      ●
    </span>
  );
}
