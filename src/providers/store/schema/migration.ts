/**
 * One step of the schema; once released it is never changed, only followed by another. Two builds may share a store
 * until their windows are reloaded, so statements of an earlier build must stay valid: a step adds, it never renames
 * or removes.
 */
export interface Migration {
  readonly version: number;
  readonly up: readonly string[];
}
