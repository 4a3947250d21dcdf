import type { valueEvents, valueMethods } from '../../../src/protocol/value';
import type { Rpc } from '../../app/rpc';

/** The value panel's line to the host. */
export type ValueRpc = Rpc<typeof valueMethods, typeof valueEvents>;
