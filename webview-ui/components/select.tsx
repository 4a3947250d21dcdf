import { useEffect, useRef } from 'preact/hooks';
import { Field } from './field';

interface SelectProps<T extends string> {
  readonly id: string;
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
  readonly hideLabel?: boolean;
  readonly help?: string;
  readonly error?: string | undefined;
  readonly narrow?: boolean;
}

/** One of a few. */
export function Select<T extends string>(props: SelectProps<T>) {
  const { id, label, value, options, onChange, disabled = false, hideLabel = false } = props;
  const host = useRef<HTMLElement>(null);
  const names = options.map((option) => option.value).join('\0');
  // The dropdown takes a value only once its options are in place, a microtask after they are drawn.
  useEffect(() => queueMicrotask(() => setValue(host.current, value)), [value, names]);
  const changed = (element: EventTarget): void => {
    const chosen = options.find((option) => 'value' in element && option.value === element.value);
    if (chosen && chosen.value !== value) onChange(chosen.value);
  };
  return (
    <Field id={id} help={props.help} error={props.error} narrow={props.narrow ?? false}>
      {hideLabel ? null : (
        <label class="field-label" for={id}>
          {label}
        </label>
      )}
      <vscode-dropdown
        id={id}
        key={names}
        ref={host}
        disabled={disabled}
        aria-label={label}
        onChange={(event) => changed(event.currentTarget)}
        onKeyDown={keepShortcuts}
      >
        {options.map((option) => (
          <vscode-option key={option.value} value={option.value}>
            {option.label}
          </vscode-option>
        ))}
      </vscode-dropdown>
    </Field>
  );
}

function setValue(element: HTMLElement | null, value: string): void {
  if (element && 'value' in element && element.value !== value) element.value = value;
}

/** Ctrl+S in the dropdown would type ahead to an option that starts with "s". */
function keepShortcuts(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey) event.preventDefault();
}
