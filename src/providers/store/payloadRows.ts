import { payloadReads } from './reads/payloadReads';
import type { SqlValue } from './statement';
import type { StoreAccess } from './storeAccess';

/** Rows that are asked for at once. */
const pageRows = 500;

/** Hash, id of the key and bytes of every payload, by hash; those that come meanwhile may be among them. */
export async function* payloadRows(access: StoreAccess): AsyncGenerator<SqlValue[]> {
  for (let last: SqlValue = ''; ;) {
    const rows: SqlValue[][] = await access.read(payloadReads.after, [last, pageRows]);
    yield* rows;
    if (rows.length < pageRows) return;
    last = rows.at(-1)?.[0] ?? '';
  }
}
