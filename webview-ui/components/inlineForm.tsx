import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { useFirstFocus } from './useFirstFocus';
import { useReturnFocus } from './useReturnFocus';

interface InlineFormProps {
  readonly label: string;
  /** Enter in one of the fields. */
  readonly onEnter: () => void;
  /** Escape. */
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A few fields in one line, opened by a button: its first text takes the focus, and the button gets it back. */
export function InlineForm({ label, onEnter, onClose, children }: InlineFormProps) {
  const box = useRef<HTMLDivElement>(null);
  useReturnFocus(box);
  useFirstFocus(box);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && isField(event.target)) onEnter();
    if (event.key === 'Escape') onClose();
  };
  return (
    <div class="inline-form" role="group" aria-label={label} ref={box} onKeyDown={onKeyDown}>
      {children}
    </div>
  );
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('vscode-text-field, input');
}
