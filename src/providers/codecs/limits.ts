import { invalid, type EngineError } from '../../engine/kernel/errors';

/** Most bytes that are unpacked: 16 MiB. */
export const maxUnpacked = 16 * 1024 * 1024;
/** Most bytes that are read as structured data, 4 MiB: more would hold up the window. */
export const maxStructured = 4 * 1024 * 1024;

/** The error for packed bytes that would become too many. `size` is what they say of themselves. */
export function tooLarge(format: string, packed: number, size?: number): EngineError {
  const claim =
    size === undefined ? '' : ` (it says ${size} bytes, ${Math.round(size / packed)} times its size)`;
  return invalid(
    `These ${packed} bytes of ${format} become more than ${maxUnpacked} bytes${claim}: they are not unpacked`,
    { packedBytes: packed, limitBytes: maxUnpacked },
  );
}
