import type { Moment } from '../kernel/moment';

/** What a write does to the time to live. Times are absolute, so that a late or repeated write means the same. */
export type TtlChange =
  | { readonly mode: 'keep' }
  | { readonly mode: 'remove' }
  | { readonly mode: 'set'; readonly expireAtMs: Moment };
