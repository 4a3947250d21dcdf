/** A floating-point number as JSON text that cannot be taken for an integer; undefined for NaN and the infinities. */
export function floatText(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** Whether a number in JSON text is written as an integer; `-0` is none. */
export function isIntegerText(text: string): boolean {
  return /^-?\d+$/.test(text) && text !== '-0';
}
