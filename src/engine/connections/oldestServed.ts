import type { ServerIdentity } from './capabilities';

/** The oldest versions that are tested, where there are older ones. */
const oldest: Partial<Record<ServerIdentity['product'], string>> = { redis: '7.0', memcached: '1.6.18' };

/** The oldest version served of a server that is older than that; undefined of one that is not, or tells no version. */
export function oldestServed({ product, version }: ServerIdentity): string | undefined {
  const least = oldest[product];
  return least !== undefined && isBefore(numbers(version), numbers(least)) ? least : undefined;
}

function numbers(version: string): number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? '').split('.').filter(Boolean).map(Number);
}

function isBefore(version: readonly number[], least: readonly number[]): boolean {
  if (version.length === 0) return false;
  const at = least.findIndex((number, index) => number !== (version[index] ?? 0));
  return at >= 0 && (version[at] ?? 0) < (least[at] ?? 0);
}
