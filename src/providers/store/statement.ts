/** What a column or a parameter can hold. */
export type SqlValue = string | number | null | Uint8Array;

/** One SQL statement with the values of its `?` placeholders, in order. */
export interface Statement {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/** Statements that take effect together or not at all, known by an id so that a resend is applied once. */
export interface Transaction {
  readonly id: string;
  /** When the client asked for it, milliseconds since the epoch; part of the record so that a replay repeats it. */
  readonly at: number;
  readonly statements: readonly Statement[];
}
