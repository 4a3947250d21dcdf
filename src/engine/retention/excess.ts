import { type Dataset, type DatasetUsage, datasets } from './dataset';
import { type RetentionPolicy, roomShare, totalBudgets } from './policy';
import type { Usage } from './retentionStore';

type Policies = Readonly<Record<Dataset, RetentionPolicy>>;

/** Bytes of a dataset, database and payload files together. */
export function bytesOf({ databaseBytes, payloadBytes }: DatasetUsage): number {
  return databaseBytes + payloadBytes;
}

/**
 * How many of its oldest records each dataset has to give up, so that it is within its budget and all together are
 * within theirs; for the latter the least worth keeping give first. Only datasets that purge by themselves give.
 */
export function excessRows(usage: Usage, policies: Policies): ReadonlyMap<Dataset, number> {
  const shares = new Map<Dataset, number>();
  const giving = datasets.flatMap((dataset) => {
    const found = usage.datasets.find((each) => each.dataset === dataset);
    return found && policies[dataset].autoPurgeOldest && found.rows > 0 ? [found] : [];
  });
  for (const each of giving) shares.set(each.dataset, ownShare(each, policies[each.dataset].budgetBytes));
  for (const kind of ['databaseBytes', 'payloadBytes'] as const) {
    if (usage[kind] < totalBudgets[kind]) continue;
    let excess = usage[kind] - totalBudgets[kind] * roomShare;
    for (const each of giving) excess -= each[kind] * (shares.get(each.dataset) ?? 0);
    for (const each of giving) {
      const given = shares.get(each.dataset) ?? 0;
      const more = Math.min(1 - given, excess <= 0 || each[kind] === 0 ? 0 : excess / each[kind]);
      shares.set(each.dataset, given + more);
      excess -= more * each[kind];
    }
  }
  return new Map(
    giving.flatMap(({ dataset, rows }) => {
      const gives = Math.ceil(rows * (shares.get(dataset) ?? 0));
      return gives > 0 ? [[dataset, gives] as const] : [];
    }),
  );
}

/** The datasets that have to stop collecting: those over their own budget, or all while the whole is over its. */
export function overBudget(usage: Usage, policies: Policies, wasStopped: readonly Dataset[]): Dataset[] {
  const wholeIsOver = (share: number): boolean =>
    usage.databaseBytes >= totalBudgets.databaseBytes * share ||
    usage.payloadBytes >= totalBudgets.payloadBytes * share;
  return usage.datasets
    .filter((each) => {
      // What had to stop goes on only when there is some room, or it would stop again at once.
      const share = wasStopped.includes(each.dataset) ? roomShare : 1;
      return bytesOf(each) >= policies[each.dataset].budgetBytes * share || wholeIsOver(share);
    })
    .map(({ dataset }) => dataset);
}

function ownShare(usage: DatasetUsage, budgetBytes: number): number {
  const bytes = bytesOf(usage);
  return bytes < budgetBytes ? 0 : Math.min(1, (bytes - budgetBytes * roomShare) / bytes);
}
