import { t } from '../app/l10n';
import { Button } from './button';
import { Icon } from './icon';

interface ProgressProps {
  readonly text: string;
  readonly onCancel?: () => void;
}

/** Something is under way; it can be given up. */
export function Progress({ text, onCancel }: ProgressProps) {
  return (
    <div class="progress" role="status">
      <Icon name="loading" spin />
      <span>{text}</span>
      {onCancel ? <Button label={t('Cancel')} onClick={onCancel} /> : null}
    </div>
  );
}
