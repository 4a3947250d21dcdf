import type { ValuePart } from '../../engine/connections/valuePart';

/** The parts of a value, of which the first two have been looked at. */
export interface LookedAt {
  /** The part, when it is the only one. */
  readonly only?: ValuePart;
  readonly all: AsyncIterable<ValuePart>;
  /** Ends the source, however far it was read. */
  close(): Promise<unknown>;
}

/** Looks whether a value has one part or more. What takes its values whole gets them in one: JSON, and what DUMP gave. */
export async function lookAt(parts: AsyncIterable<ValuePart>): Promise<LookedAt> {
  const source = joined(parts)[Symbol.asyncIterator]();
  const seen: ValuePart[] = [];
  for (let count = 0; count < 2; count++) {
    const next = await source.next();
    if (!next.done) seen.push(next.value);
  }
  const [only] = seen;
  return {
    ...(seen.length === 1 && only && { only }),
    all: continued(seen, source),
    close: async () => source.return?.(),
  };
}

async function* continued(
  seen: readonly ValuePart[],
  source: AsyncIterator<ValuePart>,
): AsyncIterable<ValuePart> {
  yield* seen;
  for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
}

async function* joined(parts: AsyncIterable<ValuePart>): AsyncIterable<ValuePart> {
  const pieces: Buffer[] = [];
  let whole: 'json' | 'dump' | undefined;
  for await (const part of parts) {
    if (part.kind !== 'json' && part.kind !== 'dump') yield part;
    else {
      whole = part.kind;
      pieces.push(part.bytes);
    }
  }
  if (whole) yield { kind: whole, bytes: Buffer.concat(pieces) };
}
