import { t } from './l10n';

/** Spaces that look like the ordinary one, or a little wider or narrower, and are other characters. */
const odd = /(?! )\p{Zs}/gu;

/** Which other spaces a text holds and how many, as a sentence; undefined when it holds none. */
export function oddSpacesNote(text: string): string | undefined {
  const counts = new Map<string, number>();
  for (const [space] of text.matchAll(odd)) counts.set(space, (counts.get(space) ?? 0) + 1);
  if (counts.size === 0) return undefined;
  const kinds = [...counts].map(([space, count]) => `${count} × U+${codeOf(space)}`);
  return t('Holds spaces of other kinds: {0}. “Escaped” shows where.', kinds.join(', '));
}

function codeOf(space: string): string {
  return (space.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
