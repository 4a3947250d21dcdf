import type { ComponentChildren } from 'preact';
import { Icon } from './icon';

export type NoticeKind = 'info' | 'warning' | 'error' | 'locked';

interface NoticeBarProps {
  readonly kind: NoticeKind;
  readonly text: string;
  /** Read out at once, for what the person must know now. */
  readonly urgent?: boolean;
  readonly children?: ComponentChildren;
}

const icons = { info: 'info', warning: 'warning', error: 'error', locked: 'lock' } as const;

/** One line about the state of things, with what can be done about it: a webview has no dialogs. */
export function NoticeBar({ kind, text, urgent = false, children }: NoticeBarProps) {
  return (
    <div class={`notice notice-${kind}`} role={urgent ? 'alert' : 'status'}>
      <Icon name={icons[kind]} />
      <span class="notice-text">{text}</span>
      {children ? <span class="notice-actions">{children}</span> : null}
    </div>
  );
}
