import { useLayoutEffect, useRef } from 'preact/hooks';
import { Field } from './field';

interface TextFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly onBlur?: () => void;
  readonly placeholder?: string;
  readonly help?: string;
  readonly error?: string | undefined;
  readonly disabled?: boolean;
  readonly narrow?: boolean;
  readonly maxLength?: number;
  /** Spoken but not shown. */
  readonly hideLabel?: boolean;
}

/** One line of text with its label, help and error. */
export function TextField(props: TextFieldProps) {
  const { id, label, value, error, help, disabled = false, hideLabel = false } = props;
  const host = useRef<HTMLElement>(null);
  const described = error ?? help;
  useLayoutEffect(() => {
    // The toolkit names a field "Text field" once it is attached, unless its label is shown.
    host.current?.setAttribute('aria-label', label);
    describeControl(host.current, described, error !== undefined);
  }, [label, described, error]);
  return (
    <Field id={id} help={help} error={error} narrow={props.narrow ?? false}>
      <vscode-text-field
        id={id}
        ref={host}
        value={value}
        disabled={disabled}
        placeholder={props.placeholder ?? ''}
        maxlength={props.maxLength ?? 4096}
        aria-label={label}
        spellcheck={false}
        onInput={(event) => props.onInput(textOf(event.currentTarget, value))}
        onBlur={() => props.onBlur?.()}
      >
        {hideLabel ? null : label}
      </vscode-text-field>
    </Field>
  );
}

function textOf(element: EventTarget, before: string): string {
  return 'value' in element && typeof element.value === 'string' ? element.value : before;
}

/** The control is in a shadow tree, where `aria-describedby` cannot point out: the text itself is given. */
function describeControl(host: HTMLElement | null, described: string | undefined, invalid: boolean): void {
  const control = host?.shadowRoot?.querySelector('input');
  if (!control) return;
  control.setAttribute('aria-description', described ?? '');
  control.setAttribute('aria-invalid', String(invalid));
}
