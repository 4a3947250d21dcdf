import { EngineError } from '../../engine/kernel/errors';
import type { Clock } from '../../engine/kernel/ports';
import type { Recorder } from '../../engine/kernel/recorder';
import { datasets, type Dataset } from '../../engine/retention/dataset';
import type { HoldStore } from '../../engine/retention/holds';
import { parseRetentionPolicy } from '../../engine/retention/policy';
import type { PurgeRequest, Purges } from '../../engine/retention/purge';
import type { Retention } from '../../engine/retention/retention';
import type { Storage, StorageStatus } from '../../engine/retention/storage';
import type {
  DatasetDto,
  GovernanceState,
  ImpactDto,
  PolicyDto,
  PolicyForm,
  PurgeDto,
} from '../../protocol/governance';
import { datasetDto, holdDto, impactDto } from './governanceDto';
import { PurgeRun } from './purgeRun';

/** What the governance panel works with. */
export interface GovernancePorts {
  readonly retention: Retention;
  readonly purges: Purges;
  readonly holds: HoldStore;
  readonly storage: Pick<Storage, 'status'>;
  readonly recorder: Pick<Recorder, 'during'>;
  readonly clock: Clock;
  /** Name of a connection; its id when it is gone. */
  readonly nameOf: (connectionId: string) => string;
}

/** What one governance panel shows and does. It holds what is typed and a purge, which the page would lose when hidden. */
export class GovernanceSession {
  private readonly drafts = new Map<Dataset, PolicyForm>();
  readonly purge: PurgeRun;

  constructor(
    private readonly ports: GovernancePorts,
    onPurge: (purge: PurgeDto | undefined) => void,
  ) {
    this.purge = new PurgeRun({ ...ports, onChange: onPurge });
  }

  async load(): Promise<GovernanceState> {
    const { holds, storage, clock, nameOf } = this.ports;
    const [status, rows, held] = await Promise.all([storage.status(), this.datasets(), holds.list()]);
    const { state } = this.purge;
    return {
      ...whereOf(status),
      readAt: clock.now(),
      datasets: rows,
      holds: held.map((hold) => holdDto(hold, nameOf)),
      ...(state && { purge: state }),
    };
  }

  /** Keeps what is typed of a policy until it is saved or given up. */
  hold(dataset: Dataset, draft: PolicyForm | undefined): void {
    if (draft) this.drafts.set(dataset, draft);
    else this.drafts.delete(dataset);
  }

  async policyImpact(dataset: Dataset, policy: PolicyDto): Promise<ImpactDto> {
    return impactDto(await this.ports.retention.impactOf(dataset, parseRetentionPolicy(policy)));
  }

  async setPolicy(dataset: Dataset, input: PolicyDto): Promise<GovernanceState> {
    const policy = parseRetentionPolicy(input);
    await this.refuseReadOnly();
    await this.ports.recorder.during(
      { action: 'retention.setPolicy', keyOrPattern: dataset, details: { ...policy } },
      () => this.ports.retention.setPolicy(dataset, policy),
    );
    this.drafts.delete(dataset);
    return this.load();
  }

  preview(request: PurgeRequest): Promise<void> {
    return this.purge.preview(request);
  }

  async confirmPurge(token: string, typed: string): Promise<void> {
    await this.refuseReadOnly();
    await this.purge.confirm(token, typed);
  }

  async retryPurge(token: string): Promise<void> {
    await this.refuseReadOnly();
    await this.purge.retry(token);
  }

  /** Removes a pin; a hold of a run or an incident ends with it. */
  async unpin(id: string): Promise<GovernanceState> {
    await this.refuseReadOnly();
    const { holds, recorder } = this.ports;
    const hold = (await holds.list()).find((each) => each.id === id);
    if (hold && hold.holder !== 'person')
      throw new EngineError(
        'VALIDATION_ERROR',
        'invalid',
        'This is held by a run or an incident, and let go when that ends. Nothing was changed',
      );
    const operation = { action: 'retention.unpin', ...(hold && { keyOrPattern: hold.dataset }) };
    await recorder.during(operation, () => holds.remove(id));
    return this.load();
  }

  private async datasets(): Promise<DatasetDto[]> {
    const { retention } = this.ports;
    const [usage, policies] = await Promise.all([retention.usage(), retention.policies()]);
    const byName = new Map(usage.map((each) => [each.dataset, each]));
    return datasets.map((dataset) => {
      const empty = { dataset, rows: 0, databaseBytes: 0, payloadBytes: 0, heldRows: 0 };
      const isStopped = retention.stopped().has(dataset);
      return this.withDraft(datasetDto(byName.get(dataset) ?? empty, policies[dataset], isStopped));
    });
  }

  private withDraft(row: DatasetDto): DatasetDto {
    const draft = this.drafts.get(row.dataset);
    return draft ? { ...row, draft } : row;
  }

  /** A page that was drawn before the store froze may still ask. */
  private async refuseReadOnly(): Promise<void> {
    const { readOnlyBecause } = await this.ports.storage.status();
    if (readOnlyBecause !== undefined) throw new EngineError('CONFLICT', 'store-failed', readOnlyBecause);
  }
}

type Where = Pick<
  GovernanceState,
  'folder' | 'isOwner' | 'ownerPid' | 'windows' | 'totalBytes' | 'readOnlyBecause'
>;

function whereOf({ folder, owner, totalBytes, readOnlyBecause }: StorageStatus): Where {
  return {
    folder: shortened(folder),
    isOwner: owner.isThisWindow,
    ownerPid: owner.pid,
    windows: owner.windows,
    totalBytes,
    ...(readOnlyBecause !== undefined && { readOnlyBecause }),
  };
}

/** A page is given no whole path. */
function shortened(folder: string): string {
  const parts = folder.split(/[\\/]/).filter(Boolean);
  return parts.length <= 2 ? folder : `…/${parts.slice(-2).join('/')}`;
}
