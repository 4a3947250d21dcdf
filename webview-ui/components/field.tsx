import type { ComponentChildren } from 'preact';
import { Icon } from './icon';

interface FieldProps {
  readonly id: string;
  readonly children: ComponentChildren;
  readonly help?: ComponentChildren;
  readonly error?: string | undefined;
  readonly narrow?: boolean;
}

/** A control with its help and, when there is one, what is wrong with it. */
export function Field({ id, children, help, error, narrow = false }: FieldProps) {
  return (
    <div class={narrow ? 'field field-narrow' : 'field'}>
      {children}
      {help ? (
        <div class="field-help" id={`${id}-help`}>
          {help}
        </div>
      ) : null}
      {error ? (
        <div class="field-error" id={`${id}-error`}>
          <Icon name="error" /> {error}
        </div>
      ) : null}
    </div>
  );
}
