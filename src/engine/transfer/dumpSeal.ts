import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ValuePart } from '../connections/valuePart';
import { EngineError } from '../kernel/errors';

type Hmac = ReturnType<typeof createHmac>;

/** The key that seals serialised values of this installation's files; undefined where the host can keep none. */
export type SealKey = Buffer | undefined;

/**
 * Puts a seal behind what a server has serialised, so that this installation knows it again: whoever can write such a value
 * by hand can attack the server that reads it.
 */
export async function* sealed(parts: AsyncIterable<ValuePart>, key: SealKey): AsyncIterable<ValuePart> {
  let held: Extract<ValuePart, { kind: 'dump' }> | undefined;
  let hmac: Hmac | undefined;
  for await (const part of parts) {
    if (held) yield held;
    held = undefined;
    if (part.kind === 'dump' && key) {
      hmac ??= hmacOf(key);
      hmac.update(part.bytes);
      held = part;
    } else yield part;
  }
  if (held && hmac) yield { ...held, seal: hmac.digest('base64') };
}

/** The same parts; rejects at their end, before anything can be put in place, when what is serialised bears no seal of this key. */
export async function* requireSealed(
  parts: AsyncIterable<ValuePart>,
  key: SealKey,
): AsyncIterable<ValuePart> {
  const check = new SealCheck(key);
  for await (const part of parts) {
    check.see(part);
    yield part;
  }
  if (check.isSealed) return;
  throw new EngineError(
    'VALIDATION_ERROR',
    'unsigned',
    'The value is serialised for a server, and this installation did not export it: such a value can be made to attack the server',
  );
}

/** Looks at parts as they pass. */
export class SealCheck {
  private hmac: Hmac | undefined;
  private seal: string | undefined;
  private hasDump = false;

  constructor(private readonly key: SealKey) {}

  see(part: ValuePart): void {
    if (part.kind !== 'dump') return;
    this.hasDump = true;
    this.hmac ??= this.key && hmacOf(this.key);
    this.hmac?.update(part.bytes);
    this.seal = part.seal ?? this.seal;
  }

  /** After the last part, once: whether nothing was serialised, or its seal is ours. */
  get isSealed(): boolean {
    if (!this.hasDump) return true;
    if (!this.hmac || this.seal === undefined) return false;
    const [ours, theirs] = [this.hmac.digest(), Buffer.from(this.seal, 'base64')];
    return ours.length === theirs.length && timingSafeEqual(ours, theirs);
  }
}

function hmacOf(key: Buffer): Hmac {
  return createHmac('sha256', key).update('cachify-dump-1\n');
}
