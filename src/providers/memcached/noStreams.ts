import { EngineError } from '../../engine/kernel/errors';

/** The answer to whatever asks for streams. */
export function noStreams(): Promise<never> {
  return Promise.reject(new EngineError('NOT_SUPPORTED', 'unsupported', 'Memcached has no streams'));
}
