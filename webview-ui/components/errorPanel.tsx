import type { Failure } from '../app/failure';
import { t } from '../app/l10n';
import { Button } from './button';
import { Icon } from './icon';

interface ErrorPanelProps {
  readonly title: string;
  readonly failure: Failure;
  readonly onRetry?: () => void;
  /** What the button says; `Retry` by default. */
  readonly retryLabel?: string;
}

/** What failed, where, and what to do next. */
export function ErrorPanel({ title, failure, onRetry, retryLabel = t('Retry') }: ErrorPanelProps) {
  return (
    <div class="empty" role="alert">
      <span class="empty-icon empty-icon-error">
        <Icon name="error" />
      </span>
      <p class="empty-title">{title}</p>
      <p class="empty-text">{failure.message}</p>
      {onRetry ? (
        <div class="empty-actions">
          <Button label={retryLabel} kind="primary" icon="refresh" onClick={onRetry} />
        </div>
      ) : null}
      {failure.correlationId ? (
        <p class="empty-reference">{t('Log reference {0}', failure.correlationId)}</p>
      ) : null}
    </div>
  );
}
