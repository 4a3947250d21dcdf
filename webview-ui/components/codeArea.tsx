import { useLayoutEffect, useRef } from 'preact/hooks';

interface CodeAreaProps {
  readonly label: string;
  readonly value: string;
  readonly onInput?: (value: string) => void;
  readonly readOnly?: boolean;
  readonly describedBy?: string;
  readonly invalid?: boolean;
  readonly focusOnMount?: boolean;
}

/**
 * Many lines of data. A plain text area, since the toolkit's rewrites what it is given: what goes in
 * must come out byte for byte (line feeds only: a text area turns CR and CRLF into LF).
 */
export function CodeArea({
  label,
  value,
  onInput,
  readOnly = false,
  describedBy,
  invalid = false,
  focusOnMount,
}: CodeAreaProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (focusOnMount) area.current?.focus();
  }, [focusOnMount]);
  return (
    <textarea
      ref={area}
      class="code-area"
      aria-label={label}
      aria-invalid={invalid}
      {...(describedBy ? { 'aria-describedby': describedBy } : {})}
      value={value}
      readOnly={readOnly}
      spellcheck={false}
      autocomplete="off"
      autocorrect="off"
      autocapitalize="off"
      onInput={(event) => onInput?.(event.currentTarget.value)}
    />
  );
}
