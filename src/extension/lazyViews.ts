import { loadOnce } from '../engine/kernel/loadOnce';
import type { ValueViews } from '../engine/values/valueViews';

/** Decoders that are loaded with the first value that is shown. */
export function lazyViews(load: () => Promise<ValueViews>): ValueViews {
  const views = loadOnce(load);
  return {
    offered: async (bytes, hints) => (await views()).offered(bytes, hints),
    decode: async (bytes, view, hints) => (await views()).decode(bytes, view, hints),
    encode: async (text, view, original) => (await views()).encode(text, view, original),
  };
}
