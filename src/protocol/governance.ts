import * as v from 'valibot';
import { datasets } from '../engine/retention/dataset';
import type { MethodMap } from './rpc';

const dataset = v.picklist(datasets);
const count = v.pipe(v.number(), v.minValue(0));
const time = v.number();

const policy = v.object({
  retentionDays: v.number(),
  budgetBytes: v.number(),
  minimumKept: v.number(),
  autoPurgeOldest: v.boolean(),
});

/** How long and how much of a dataset is kept. */
export type PolicyDto = v.InferOutput<typeof policy>;

const shortText = v.pipe(v.string(), v.maxLength(20));
const policyForm = v.object({
  retentionDays: shortText,
  /** In MiB. */
  budget: shortText,
  minimumKept: shortText,
  autoPurgeOldest: v.boolean(),
});

/** What the page keeps of policies over a reload of the window, by their datasets. */
export const policyDrafts = v.array(v.object({ dataset, form: policyForm }));
export type PolicyDraft = v.InferOutput<typeof policyDrafts>[number];

/** A policy as it is typed; numbers are text until they are saved. */
export type PolicyForm = v.InferOutput<typeof policyForm>;

const datasetState = v.object({
  dataset,
  rows: count,
  databaseBytes: count,
  payloadBytes: count,
  heldRows: count,
  oldestAt: v.optional(time),
  newestAt: v.optional(time),
  policy,
  /** Nearly full from 90 % of its budget; stopped: it is over budget, nothing of it may go, no more is collected. */
  level: v.picklist(['fine', 'nearlyFull', 'over', 'stopped']),
  /** A policy that was typed and not saved: a hidden tab loses its page. */
  draft: v.optional(policyForm),
});

/** A dataset with what it takes and how it is kept. */
export type DatasetDto = v.InferOutput<typeof datasetState>;
export type DatasetName = DatasetDto['dataset'];

const hold = v.object({
  id: v.string(),
  dataset,
  /** Who holds it: the person by a pin, a run that can be resumed, an open incident. */
  holder: v.picklist(['person', 'run', 'incident', 'other']),
  /** Id of the run or incident. */
  holderId: v.optional(v.string()),
  seq: v.optional(v.number()),
  /** Name of the connection whose records are held. */
  connection: v.optional(v.string()),
  from: v.optional(time),
  to: v.optional(time),
  at: time,
});

/** What keeps records from being purged. */
export type HoldDto = v.InferOutput<typeof hold>;

const impact = v.object({
  dataset,
  rows: count,
  databaseBytes: count,
  payloadBytes: count,
  heldRows: count,
  oldestLeftAt: v.optional(time),
  newestLeftAt: v.optional(time),
});

/** What would go of a dataset, and what would be left. */
export type ImpactDto = v.InferOutput<typeof impact>;

const loss = v.object({
  kind: v.picklist(['rollback', 'compare', 'timeline', 'alertHistory', 'runHistory', 'bundle', 'trend']),
  count,
  from: v.optional(time),
});

/** What can no longer be done afterwards. */
export type LossDto = v.InferOutput<typeof loss>;

const progress = v.object({
  doneRows: count,
  remainingRows: count,
  freedBytes: count,
  stopped: v.optional(v.picklist(['cancelled', 'failed'])),
  message: v.optional(v.string()),
});

const purge = v.object({
  /** Binds the confirmation to this preview. */
  token: v.string(),
  before: time,
  impacts: v.array(impact),
  losses: v.array(loss),
  running: v.boolean(),
  /** How far it has come, or how it ended; absent before it began. */
  progress: v.optional(progress),
});

/** A purge from its preview to its result; the host holds it, so that a page which is hidden finds it again. */
export type PurgeDto = v.InferOutput<typeof purge>;
export type PurgeProgressDto = v.InferOutput<typeof progress>;

const state = v.object({
  /** When this was read. */
  readAt: time,
  /** The folder, shortened to its last parts. */
  folder: v.string(),
  isOwner: v.boolean(),
  ownerPid: v.number(),
  windows: count,
  /** All bytes of the folder. */
  totalBytes: count,
  /** Why nothing can be changed at the moment. */
  readOnlyBecause: v.optional(v.string()),
  datasets: v.array(datasetState),
  holds: v.array(hold),
  purge: v.optional(purge),
});

/** All that the page Retention shows. */
export type GovernanceState = v.InferOutput<typeof state>;

const none = v.object({});
const purgeState = v.object({ purge: v.optional(purge) });

/** Methods of the governance panel. */
export const governanceMethods = {
  'governance/load': { params: none, result: state },
  /** The host holds what is typed of a policy; without a draft it forgets it. */
  'governance/hold': { params: v.object({ dataset, draft: v.optional(policyForm) }), result: none },
  /** What would go at the next run if this policy held. */
  'governance/policyImpact': { params: v.object({ dataset, policy }), result: impact },
  'governance/setPolicy': { params: v.object({ dataset, policy }), result: state },
  /** Works out what a purge would take; replaces an earlier preview. */
  'governance/preview': {
    params: v.object({ datasets: v.pipe(v.array(dataset), v.minLength(1)), before: time }),
    result: purgeState,
  },
  /** Purges what the preview named. `typed` is the number of records the person typed; the host checks it. */
  'governance/purge': {
    params: v.object({
      token: v.pipe(v.string(), v.maxLength(200)),
      typed: v.pipe(v.string(), v.maxLength(40)),
    }),
    result: purgeState,
  },
  /** Goes on with what a stopped purge left, with the same token. */
  'governance/retryPurge': {
    params: v.object({ token: v.pipe(v.string(), v.maxLength(200)) }),
    result: purgeState,
  },
  'governance/cancelPurge': { params: none, result: none },
  /** Forgets the preview, or the result. */
  'governance/closePurge': { params: none, result: none },
  /** Removes a pin; what runs and incidents hold cannot be let go here. */
  'governance/unpin': { params: v.object({ id: v.pipe(v.string(), v.maxLength(200)) }), result: state },
  'governance/backUp': { params: none, result: none },
  'governance/showStorage': { params: none, result: none },
} as const satisfies MethodMap;

/** Events of the governance panel. */
export const governanceEvents = {
  'governance/changed': state,
  'governance/purge': purgeState,
} as const;
