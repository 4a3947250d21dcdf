import { readsOf } from './read';

/** Questions about leases. */
export const leaseReads = readsOf('leases', {
  holder: 'SELECT holder, epoch FROM leases WHERE name = ?',
  isHeld: 'SELECT 1 FROM leases WHERE name = ? AND holder = ? AND epoch = ?',
});
