import { invalid } from '../kernel/errors';

const infinite = /^([+-]?)inf(?:inity)?$/i;
const decimal = /^[+-]?(\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number that a score's text stands for; undefined when a server would not take it: NaN, garbage, out of range. */
export function parseScore(text: string): number | undefined {
  const [, sign] = infinite.exec(text) ?? [];
  if (sign !== undefined) return sign === '-' ? -Infinity : Infinity;
  const [, digits] = decimal.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const score = Number(text);
  // servers refuse what a double cannot hold, on either side
  if (!Number.isFinite(score) || (score === 0 && /[1-9]/.test(digits))) return undefined;
  return score;
}

/** The text as it is when it is a score; else VALIDATION_ERROR, which does not repeat the text. */
export function requireScore(text: string): string {
  if (parseScore(text) !== undefined) return text;
  throw invalid('A score must be a number such as 1.5, or inf or -inf');
}

/** Whether two texts are one score, whatever their notation. */
export function sameScore(a: string, b: string): boolean {
  const score = parseScore(a);
  return score !== undefined && score === parseScore(b);
}
