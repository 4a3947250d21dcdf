import type { governanceEvents, governanceMethods } from '../../../src/protocol/governance';
import type { Rpc } from '../../app/rpc';

/** The page's way to its host. */
export type GovernanceRpc = Rpc<typeof governanceMethods, typeof governanceEvents>;

/** Runs an act; a failure of it is shown. True when it was done. */
export type Attempt = (act: () => Promise<void>) => Promise<boolean>;
