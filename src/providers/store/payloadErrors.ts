import { EngineError } from '../../engine/kernel/errors';

/** The file of a payload is not there. */
export function payloadGone(hash: string): EngineError {
  return new EngineError('INTERNAL_ERROR', 'gone', 'The kept content is gone: its file is missing', {
    details: { payload: hash },
  });
}

/** The file of a payload is not what was written. */
export function payloadDamaged(hash: string, cause?: unknown): EngineError {
  const text = 'The kept content cannot be used: its file was altered or is damaged';
  return new EngineError('INTERNAL_ERROR', 'payload-damaged', text, { details: { payload: hash }, cause });
}

/** The key that a payload was encrypted with is not held here. */
export function payloadKeyMissing(hash: string, keyId: string): EngineError {
  const text =
    'The kept content cannot be read here: the key it was encrypted with is not in the secret storage of this window';
  return new EngineError('UNAUTHORIZED', 'payload-key-missing', text, {
    details: { payload: hash, keyId },
  });
}
