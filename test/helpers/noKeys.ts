import { EngineError } from '../../src/engine/kernel/errors';
import type { PayloadKeys } from '../../src/engine/kernel/payloadKeys';

/** A host that keeps no key, for what needs no payloads. */
export const noKeys: PayloadKeys = {
  current: () =>
    Promise.reject(new EngineError('INTERNAL_ERROR', 'secrets-unavailable', 'There is no key here')),
  byId: () => Promise.resolve(undefined),
};
