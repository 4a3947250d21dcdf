import type { ConnectionForm } from '../../../src/protocol/connectionEditor';
import { TextField } from '../../components/textField';
import type { ConnectionModel } from './connectionModel';

type TextKey = {
  [K in keyof ConnectionForm]: string extends ConnectionForm[K] ? K : never;
}[keyof ConnectionForm];

interface FormTextProps {
  readonly model: ConnectionModel;
  readonly form: ConnectionForm;
  readonly field: TextKey;
  readonly label: string;
  readonly help?: string;
  readonly placeholder?: string;
  readonly narrow?: boolean;
}

/** Id of the control of a field, as problems name it: `endpoints.0.host`. */
export function controlId(field: string): string {
  return `field-${field}`;
}

/** A text of the form, bound to its field. */
export function FormText({ model, form, field, ...rest }: FormTextProps) {
  return (
    <TextField
      {...rest}
      id={controlId(field)}
      value={form[field]}
      error={model.problems.value.get(field)}
      onInput={(value) => model.edit({ [field]: value })}
      onBlur={() => model.touch(field)}
    />
  );
}
