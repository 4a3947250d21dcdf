import type { DatasetUsage } from '../../engine/retention/dataset';
import type { Hold } from '../../engine/retention/holds';
import { warnShare, type RetentionPolicy } from '../../engine/retention/policy';
import type { PurgeImpact, PurgePreview, PurgeProgress } from '../../engine/retention/purge';
import type { DatasetDto, HoldDto, ImpactDto, PurgeDto, PurgeProgressDto } from '../../protocol/governance';

/** A dataset as the page shows it. */
export function datasetDto(usage: DatasetUsage, policy: RetentionPolicy, isStopped: boolean): DatasetDto {
  const { dataset, rows, databaseBytes, payloadBytes, heldRows, oldestAt, newestAt } = usage;
  const level = isStopped ? 'stopped' : levelOf((databaseBytes + payloadBytes) / policy.budgetBytes);
  return {
    ...{ dataset, rows, databaseBytes, payloadBytes, heldRows, policy, level },
    ...(oldestAt !== undefined && { oldestAt }),
    ...(newestAt !== undefined && { newestAt }),
  };
}

function levelOf(share: number): DatasetDto['level'] {
  if (share >= 1) return 'over';
  return share >= warnShare ? 'nearlyFull' : 'fine';
}

/** A hold as the page shows it; `nameOf` gives the name of a connection. */
export function holdDto(hold: Hold, nameOf: (connectionId: string) => string): HoldDto {
  const { id, dataset, seq, connectionId, from, to, at } = hold;
  return {
    ...{ id, dataset, at, ...holderOf(hold.holder) },
    ...(seq !== undefined && { seq }),
    ...(connectionId !== undefined && { connection: nameOf(connectionId) }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

function holderOf(holder: string): Pick<HoldDto, 'holder' | 'holderId'> {
  if (holder === 'person') return { holder };
  const [kind, ...id] = holder.split(':');
  const holderId = id.join(':');
  return kind === 'run' || kind === 'incident'
    ? { holder: kind, holderId }
    : { holder: 'other', holderId: holder };
}

/** What a purge would do, as the page shows it. */
export function purgeDto({ token, request, impacts, losses }: PurgePreview): PurgeDto {
  return {
    ...{ token, before: request.before, impacts: impacts.map(impactDto), running: false },
    losses: losses.map(({ kind, count, from }) => ({ kind, count, ...(from !== undefined && { from }) })),
  };
}

/** What would go of one dataset, as the page shows it. */
export function impactDto(impact: PurgeImpact): ImpactDto {
  const { dataset, rows, databaseBytes, payloadBytes, heldRows, oldestLeftAt, newestLeftAt } = impact;
  return {
    ...{ dataset, rows, databaseBytes, payloadBytes, heldRows },
    ...(oldestLeftAt !== undefined && { oldestLeftAt }),
    ...(newestLeftAt !== undefined && { newestLeftAt }),
  };
}

/** How far a purge has come, as the page shows it. */
export function progressDto(progress: PurgeProgress): PurgeProgressDto {
  const { doneRows, remainingRows, freedBytes, stopped, message } = progress;
  return {
    ...{ doneRows, remainingRows, freedBytes },
    ...(stopped !== undefined && { stopped }),
    ...(message !== undefined && { message }),
  };
}
