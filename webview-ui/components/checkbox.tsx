interface CheckboxProps {
  readonly id: string;
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  readonly help?: string;
}

/** A yes or no. */
export function Checkbox({ id, label, checked, onChange, disabled = false, help }: CheckboxProps) {
  // The toolkit fires `change` when `checked` is set from code: only a real difference is passed on.
  const changed = (element: EventTarget): void => {
    const now = 'checked' in element && element.checked === true;
    if (now !== checked) onChange(now);
  };
  return (
    <div class="field">
      <vscode-checkbox
        id={id}
        checked={checked}
        disabled={disabled}
        aria-label={label}
        onChange={(event) => changed(event.currentTarget)}
      >
        {label}
      </vscode-checkbox>
      {help ? <div class="field-help field-help-indented">{help}</div> : null}
    </div>
  );
}
