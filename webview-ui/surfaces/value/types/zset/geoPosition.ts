/** Degrees that a geohash covers: Web Mercator, as Redis uses it (https://redis.io/docs/latest/commands/geoadd/). */
const longitudes = { from: -180, to: 180 };
const latitudes = { from: -85.05112878, to: 85.05112878 };
const steps = 26;

/** Degrees, as text with six decimals: what 52 bits can tell. */
export interface GeoPosition {
  readonly longitude: string;
  readonly latitude: string;
}

/**
 * The position that GEOADD would have stored as this score: a 52-bit geohash, bits of longitude and latitude in
 * turn. Undefined for a score that is none, or too small to be one of an ordinary place.
 */
export function geoPosition(score: string): GeoPosition | undefined {
  if (!/^\d{15,16}$/.test(score)) return undefined;
  const hash = BigInt(score);
  if (hash >= 1n << 52n) return undefined;
  return {
    longitude: degrees(everySecondBit(hash >> 1n), longitudes),
    latitude: degrees(everySecondBit(hash), latitudes),
  };
}

function everySecondBit(hash: bigint): number {
  let bits = 0;
  for (let at = 0; at < steps; at++) bits += Number((hash >> BigInt(2 * at)) & 1n) * 2 ** at;
  return bits;
}

/** The middle of the cell. */
function degrees(bits: number, { from, to }: { readonly from: number; readonly to: number }): string {
  return (from + ((bits + 0.5) / 2 ** steps) * (to - from)).toFixed(6);
}
