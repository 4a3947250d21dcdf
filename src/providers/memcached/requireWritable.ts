import type { OpenRequest } from '../../engine/connections/cacheProvider';
import { EngineError } from '../../engine/kernel/errors';

/** Throws when the connection is read-only: the last of several places that refuse. */
export function requireWritable(request: OpenRequest): void {
  if (!request.isReadOnly()) return;
  throw new EngineError('UNAUTHORIZED', 'read-only', 'The write is refused: the connection is read-only');
}
