import type { ServerIdentity } from './capabilities';

/** A known way in which a serialised value made by hand attacks the server that reads it. */
export interface RestoreHole {
  /** Its CVE, or what its finders name where it has none. */
  readonly name: string;
  /** The module whose values it is about, which a server may be without. */
  readonly module?: string;
}

/** The first release without the hole of each branch that got one; a branch that is not named got none that we know of. */
type Fixed = Partial<Record<ServerIdentity['product'], readonly string[]>>;

/** The releases of May 2026: redis.io/blog/security-advisory-cve202623479-cve202625243-cve-2026-25588-cve202625589-cve-2026-23631. */
const may = ['6.2.22', '7.2.14', '7.4.9', '8.2.6', '8.4.3', '8.6.3'];

/**
 * Sources: for Redis its advisory of May 2026, and its release notes of July 2026 (redis/redis pull requests 15520 to
 * 15522, redis/docs 3702; the mend of streams, 15081, was in 8.8.0 already); for Valkey its release notes (valkey-io/valkey
 * pull requests 3631 to 3635 and 4073, releases 8.0.10, 8.1.9, 9.0.5 and 9.1.1). 8.0.8 of Valkey was withdrawn for 8.0.9.
 */
const holes: readonly (RestoreHole & { readonly fixed: Fixed })[] = [
  { name: 'CVE-2026-25243', fixed: { redis: may, valkey: ['7.2.13', '8.0.9', '8.1.7', '9.0.4', '9.1.0'] } },
  {
    name: 'CVE-2026-63639',
    fixed: {
      redis: ['6.2.23', '7.2.15', '7.4.10', '8.2.8', '8.4.5', '8.6.5', '8.8.0'],
      valkey: ['8.0.10', '8.1.9', '9.0.5', '9.1.1'],
    },
  },
  { name: 'CVE-2026-25588', module: 'RedisTimeSeries', fixed: { redis: may } },
  { name: 'CVE-2026-25589', module: 'RedisBloom', fixed: { redis: may } },
  {
    name: 'RedisBloom 1041', // a pull request of that module: there is no CVE
    module: 'RedisBloom',
    fixed: { redis: ['8.2.8', '8.4.5', '8.6.5', '8.8.1'] },
  },
];

/**
 * The holes of RESTORE that a server has by its version, which is all that it tells: its distributor may have closed them.
 * Undefined when the version is no version.
 */
export function restoreHoles({ product, version }: ServerIdentity): readonly RestoreHole[] | undefined {
  const own = numbers(version);
  if (!own) return undefined;
  return holes.filter(({ fixed }) => isOpen(own, fixed[product])).map(({ fixed: _, ...hole }) => hole);
}

type Version = readonly [major: number, minor: number, patch: number];

function isOpen(version: Version, fixed: readonly string[] = []): boolean {
  const releases = fixed.map(numbers).filter((release) => release !== undefined);
  const own = releases.find(([major, minor]) => major === version[0] && minor === version[1]);
  if (own) return isBefore(version, own);
  const newest = releases.at(-1);
  // a branch that came later began without the hole
  return newest !== undefined && isBefore(version, newest);
}

function isBefore(version: Version, other: Version): boolean {
  const at = version.findIndex((number, index) => number !== other[index]);
  return at >= 0 && (version[at] ?? 0) < (other[at] ?? 0);
}

function numbers(version: string): Version | undefined {
  const [, major, minor, patch] = /^(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?!\d)/.exec(version) ?? [];
  if (major === undefined) return undefined;
  return [Number(major), Number(minor), Number(patch)];
}
