import type { ValuePart } from '../../src/engine/connections/valuePart';

/** Parts of a value, as an engine would stream them. */
export async function* partsOf(...parts: readonly ValuePart[]): AsyncIterable<ValuePart> {
  yield* parts;
}
