/** A kind of record that retention keeps in bounds. */
export type Dataset =
  | 'timelineEvents'
  | 'observabilitySnapshots'
  | 'workflowHistory'
  | 'incidentArtifacts'
  | 'alerts'
  | 'keySnapshots';

/** Every dataset, the least worth keeping first: when the whole store is too large, records go in this order. */
export const datasets: readonly Dataset[] = [
  'observabilitySnapshots',
  'timelineEvents',
  'alerts',
  'workflowHistory',
  'incidentArtifacts',
  'keySnapshots',
];

/** What a dataset takes and spans now. */
export interface DatasetUsage {
  readonly dataset: Dataset;
  readonly rows: number;
  /** Bytes of its pages in the database, indexes included. */
  readonly databaseBytes: number;
  /** Bytes of its payload files. */
  readonly payloadBytes: number;
  /** Records that a pin, a run or an incident holds. */
  readonly heldRows: number;
  /** Time of the oldest and the newest record, milliseconds since the epoch. */
  readonly oldestAt?: number;
  readonly newestAt?: number;
}
