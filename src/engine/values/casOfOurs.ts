import type { Change } from '../connections/change';
import type { OpenedValue } from '../keys/openValue';

/**
 * The CAS unique of the item that a change wrote, by which it can be taken back; undefined when something else was
 * written since, or when what was replaced is not what was read before: its flags are not known then.
 */
export function casOfOurs(
  change: Change,
  before: OpenedValue,
  now: OpenedValue | undefined,
): string | undefined {
  if (change.kind !== 'item.set' || now?.page?.kind !== 'bytes') return undefined;
  if (before.facts?.cas !== change.cas) return undefined;
  const isOurs = now.page.bytes.equals(change.after) && now.facts?.flags === change.flags;
  return isOurs ? now.facts.cas : undefined;
}
