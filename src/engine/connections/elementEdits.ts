import type { TtlChange } from './ttlChange';

/**
 * Edits of the elements of one value, each as what the editor saw and what it should become: without `before` the
 * element must not exist yet, without `after` it is taken away. Swapping the two sides is the undo.
 */
export type ElementEdits =
  | { readonly type: 'hash'; readonly edits: readonly HashEdit[] }
  | { readonly type: 'list'; readonly edits: readonly ListEdit[] }
  | { readonly type: 'set'; readonly edits: readonly SetEdit[] }
  | { readonly type: 'zset'; readonly edits: readonly ZsetEdit[] };

/** A field; renaming one is two edits, of which the new one names the old in `ttlOf`. */
export interface HashEdit {
  readonly field: Buffer;
  readonly before?: Buffer;
  readonly after?: Buffer;
  /** Time to live of the field where the server has such; kept unless told. */
  readonly ttl?: TtlChange;
  /** The field whose time to live this one takes over: that of the moment of writing, not one that was seen. */
  readonly ttlOf?: Buffer;
}

/**
 * A position. Edits follow one another: `index` counts in the list as the edits before this one leave it. From the
 * end it is negative: without `before`, -1 appends.
 */
export interface ListEdit {
  readonly index: number;
  readonly before?: Buffer;
  readonly after?: Buffer;
  /** For an insertion: the element that must be at `index` now, null when `index` must be the end; unchecked when absent. */
  readonly pivot?: Buffer | null;
}

export interface SetEdit {
  readonly member: Buffer;
  readonly before: boolean;
  readonly after: boolean;
}

/** Scores are the server's text of a double: `1.5`, `inf`, `-inf`. They are compared as numbers. */
export interface ZsetEdit {
  readonly member: Buffer;
  readonly before?: string;
  readonly after?: string;
}
