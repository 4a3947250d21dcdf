import { t } from '../../../../app/l10n';
import { TextField } from '../../../../components/textField';
import { scoreProblem } from './score';

interface ScoreFieldProps {
  readonly id: string;
  readonly value: string;
  readonly onInput: (score: string) => void;
  readonly disabled?: boolean;
}

/** The score of a member, as text: a number would lose digits. */
export function ScoreField({ id, value, onInput, disabled = false }: ScoreFieldProps) {
  return (
    <TextField
      id={id}
      label={t('Score')}
      value={value}
      onInput={onInput}
      disabled={disabled}
      error={value === '' ? undefined : scoreProblem(value)}
      maxLength={64}
    />
  );
}
