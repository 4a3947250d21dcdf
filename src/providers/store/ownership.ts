/**
 * Whether this window may write. Today a lock file decides; a lease with an epoch can take its place without the
 * rest of the store noticing.
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
