import type { Dataset } from './dataset';

/** Keeps records from being purged: one by `seq`, or those of a time span, of one connection or of any. */
export interface Hold {
  readonly id: string;
  readonly dataset: Dataset;
  /** `person` for a pin; `run:<id>` while a run can be resumed; `incident:<id>` while it is open. */
  readonly holder: string;
  readonly seq?: number;
  readonly connectionId?: string;
  /** Milliseconds since the epoch, both ends included. */
  readonly from?: number;
  readonly to?: number;
  /** When it was made. */
  readonly at: number;
}

/** Keeps holds durably. */
export interface HoldStore {
  list(): Promise<Hold[]>;
  add(hold: Hold): Promise<void>;
  remove(id: string): Promise<void>;
}
