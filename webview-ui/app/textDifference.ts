/** The one range of `text` outside which it equals `base`. A pair of surrogates is never cut in two. */
export function differingPart(text: string, base: string): { readonly start: number; readonly end: number } {
  const shorter = Math.min(text.length, base.length);
  let start = 0;
  while (start < shorter && text[start] === base[start]) start++;
  if (isLowSurrogate(text, start)) start--;
  let tail = 0;
  while (tail < shorter - start && text[text.length - 1 - tail] === base[base.length - 1 - tail]) tail++;
  if (isLowSurrogate(text, text.length - tail)) tail--;
  return { start, end: text.length - tail };
}

function isLowSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return at > 0 && code >= 0xdc00 && code <= 0xdfff;
}
