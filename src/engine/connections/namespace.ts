import * as v from 'valibot';
import { parseWith } from '../kernel/parse';

const namespace = v.object({
  id: v.pipe(v.string(), v.minLength(1)),
  connectionId: v.pipe(v.string(), v.minLength(1)),
  name: v.pipe(v.string(), v.trim(), v.minLength(1, 'must not be empty'), v.maxLength(100)),
  /** Redis logical database; 0 for Memcached. */
  db: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Base64 of the key prefix; empty for a whole logical database. */
  prefix: v.pipe(v.string(), v.base64()),
});

/** A named part of a connection: a logical database or a key prefix. */
export type Namespace = v.InferOutput<typeof namespace>;

/** Parses a stored or entered namespace; throws VALIDATION_ERROR naming the field. */
export function parseNamespace(input: unknown): Namespace {
  return parseWith(namespace, input, 'Namespace');
}
