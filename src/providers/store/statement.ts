/** What a column or a parameter can hold. */
export type SqlValue = string | number | null | Uint8Array;

/** Bytes that a row of values takes in a record at most, and half of those that it takes in a message. */
export function bytesOf(values: readonly SqlValue[]): number {
  let bytes = besidesBytes;
  for (const value of values) {
    if (typeof value === 'string') bytes += textBytes(value);
    else bytes += value instanceof Uint8Array ? value.length : 0;
    bytes += besidesBytes;
  }
  return bytes;
}

/** A character takes up to three bytes; of a long text it is worth looking. */
function textBytes(text: string): number {
  const most = text.length * 3;
  return most < 4096 ? most : Buffer.byteLength(text);
}

/** What a value, or a row, takes beside its content: its kind, and a length or a number. */
const besidesBytes = 9;

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
