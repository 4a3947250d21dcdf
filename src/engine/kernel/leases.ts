/** How long a lease lasts without being renewed, milliseconds; after it another window may take it. */
export const leaseMs = 20_000;

/** How often a holder renews its lease, milliseconds. */
export const renewMs = 5_000;

/** A lease as it was granted. `epoch` rises with each change of holder, so that a stale holder is told by it. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  readonly epoch: number;
}

/** Grants each background job (a scheduler, sampling a connection, retention) to exactly one window. */
export interface LeaseStore {
  /** Takes the lease, or renews it when this holder has it; undefined while another holds it. */
  acquire(name: string, holder: string): Promise<Lease | undefined>;
  /** Extends it; false when it was lost. */
  renew(lease: Lease): Promise<boolean>;
  /** Gives it back at once; does nothing when it was lost. */
  release(lease: Lease): Promise<void>;
}
