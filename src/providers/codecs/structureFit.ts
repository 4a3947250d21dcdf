import { EngineError } from '../../engine/kernel/errors';
import type { Fit } from '../../engine/values/views/codec';

/** From how many bytes on chance makes no complete structure any more. */
const beyondChance = 32;

/**
 * How well bytes fit a binary format without a mark, read as JSON by `read`. A few random bytes are such a
 * structure now and then: texts in it make it sure, odd parts make it doubtful.
 */
export function structureFit(bytes: Buffer, read: (bytes: Buffer) => string): Fit {
  try {
    const json = read(bytes);
    const isOdd = /"\$(?:invalidText|tag|extension)"/.test(json);
    return bytes.length > beyondChance || (json.includes('"') && !isOdd) ? 'sure' : 'choice';
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.code === 'VALIDATION_ERROR') return 'no';
    throw thrown;
  }
}
