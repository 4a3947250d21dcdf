interface MomentFieldProps {
  readonly id: string;
  readonly label: string;
  /** Local time as `2030-01-31T12:00`, empty when none is chosen. */
  readonly value: string;
  readonly onInput: (value: string) => void;
}

/** A date and a time of day in the person's zone; the toolkit has no such control. */
export function MomentField({ id, label, value, onInput }: MomentFieldProps) {
  return (
    <input
      id={id}
      class="moment-field"
      type="datetime-local"
      step="1"
      aria-label={label}
      value={value}
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  );
}
