import { t } from '../../../../app/l10n';

const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** What is wrong with a score as typed; undefined when the server takes it: a double, `inf` or `-inf`, never NaN. */
export function scoreProblem(text: string): string | undefined {
  if (decimal.test(text) || /^[+-]?inf(inity)?$/i.test(text)) return undefined;
  return t('A score is a number, inf or -inf.');
}
