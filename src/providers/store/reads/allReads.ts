import { recordTables, retentionTables } from '../retentionTables';
import { activityReads } from './activityReads';
import { connectionReads } from './connectionReads';
import { historyPages, historyReads } from './historyReads';
import { leaseReads } from './leaseReads';
import { orphanRead, payloadReads } from './payloadReads';
import type { Read } from './read';
import { recordReads } from './recordReads';
import { datasetReads, retentionReads } from './retentionReads';

/**
 * Version of the names. They only grow, as the schema does: an owner lets a window in that knows fewer of them, and makes
 * way for one that knows more. What a name asks for never changes.
 */
export const readsVersion = 1;

/** Every question about rows that a window may ask. */
export const allReads: readonly Read[] = [
  ...Object.values(connectionReads),
  ...Object.values(leaseReads),
  ...Object.values(historyReads),
  ...historyPages,
  ...Object.values(activityReads),
  ...Object.values(payloadReads),
  ...recordTables.flatMap((table) => [orphanRead(table), ...Object.values(recordReads(table))]),
  ...Object.values(retentionReads),
  ...retentionTables.flatMap((table) => {
    const { range, rangeBefore, ...reads } = datasetReads(table);
    return [reads, range, rangeBefore].flatMap((some) => Object.values<Read>(some));
  }),
];

const sqlByName: ReadonlyMap<string, string> = new Map(allReads.map(({ name, sql }) => [name, sql]));

/** The SQL of a question; undefined when it is not one of ours. */
export function sqlOfRead(name: string): string | undefined {
  return sqlByName.get(name);
}
