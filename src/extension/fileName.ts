/** Longest name without its suffix, characters. */
const longest = 80;

/** Names that Windows keeps for devices, with any suffix. */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/**
 * The name of a file for what `label` names: letters, digits, `_`, `-` and dots only, so that it stays in the folder a
 * person chose, is hidden nowhere and is no device.
 */
export function fileName(label: string, suffix = ''): string {
  const safe = label
    .replace(/[^\w.-]+/g, '_')
    .replace(/^[.-]+/, '_')
    .slice(0, longest)
    .replace(/\.$/, '_')
    .replace(device, (name) => `_${name}`);
  return (safe || '_') + suffix;
}
