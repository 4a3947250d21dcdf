/**
 * Whether this window may write: a lease on the store. Lost ownership is found out by looking, never assumed from time
 * alone.
 */
export interface Ownership {
  /** Tries to become the owner, without waiting. */
  tryAcquire(): boolean;
  /** Looks at the disk whether this window still is the owner. */
  holds(): boolean;
  /** Tells the other windows that this one is alive; false when it is no longer the owner. */
  renew(): boolean;
  /** Gives the ownership back; does nothing when it is already lost. */
  release(): void;
}

/** Whether this window still is the owner; one that cannot be told counts as lost. */
export function stillHolds(ownership: Pick<Ownership, 'holds'>): boolean {
  try {
    return ownership.holds();
  } catch {
    return false;
  }
}
