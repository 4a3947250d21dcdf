import { Icon } from './icon';

interface ButtonProps {
  /** A verb. Shown, or spoken when `iconOnly`. */
  readonly label: string;
  readonly onClick: () => void;
  readonly kind?: 'primary' | 'secondary';
  readonly icon?: string;
  readonly iconOnly?: boolean;
  readonly disabled?: boolean;
  /** Why it is disabled, or more about what it does; shown on hover. */
  readonly hint?: string | undefined;
  readonly expanded?: boolean;
}

/** A button with a verb on it; one primary button a view. */
export function Button({
  label,
  onClick,
  kind = 'secondary',
  icon,
  iconOnly,
  disabled = false,
  hint,
  expanded,
}: ButtonProps) {
  return (
    <vscode-button
      appearance={iconOnly ? 'icon' : kind}
      aria-label={label}
      {...(expanded === undefined ? {} : { 'aria-expanded': expanded })}
      title={hint ?? (iconOnly ? label : '')}
      disabled={disabled}
      onClick={() => {
        if (!disabled) onClick();
      }}
    >
      {icon && !iconOnly ? (
        <span slot="start">
          <Icon name={icon} />
        </span>
      ) : null}
      {iconOnly ? <Icon name={icon ?? ''} /> : label}
    </vscode-button>
  );
}
