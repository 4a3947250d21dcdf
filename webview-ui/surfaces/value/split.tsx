import type { ComponentChildren } from 'preact';
import { t } from '../../app/l10n';
import { EmptyState } from '../../components/emptyState';

interface SplitProps {
  readonly start: ComponentChildren;
  readonly end: ComponentChildren;
}

/** A list and what is chosen in it: side by side, one above the other where it is narrow. */
export function Split({ start, end }: SplitProps) {
  return (
    <div class="split">
      <div class="split-start">{start}</div>
      <div class="split-end">{end ?? <EmptyState icon="list-selection" title={t('Nothing chosen')} />}</div>
    </div>
  );
}
