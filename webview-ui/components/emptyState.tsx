import type { ComponentChildren } from 'preact';
import { Icon } from './icon';

interface EmptyStateProps {
  readonly icon: string;
  readonly title: string;
  readonly text?: string;
  readonly children?: ComponentChildren;
}

/** Nothing here: why, and what to do. */
export function EmptyState({ icon, title, text, children }: EmptyStateProps) {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={icon} />
      </span>
      <p class="empty-title">{title}</p>
      {text ? <p class="empty-text">{text}</p> : null}
      {children ? <div class="empty-actions">{children}</div> : null}
    </div>
  );
}
