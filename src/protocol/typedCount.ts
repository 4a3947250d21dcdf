/** Marks that languages put between thousands; a person may leave them out. */
const separators = /[\s.,'’٬_]/gu;

/** Whether what was typed is this number, with its thousands separated or not. */
export function isTypedCount(typed: string, count: number): boolean {
  const digits = typed.replace(separators, '');
  return /^\d+$/.test(digits) && digits === String(count);
}
