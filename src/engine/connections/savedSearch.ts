import * as v from 'valibot';
import { parseWith } from '../kernel/parse';
import type { SavedSearch } from './stores';

const id = v.pipe(v.string(), v.minLength(1));

const savedSearch = v.object({
  id,
  connectionId: id,
  name: v.pipe(v.string(), v.minLength(1, 'must not be empty')),
  pattern: v.string(),
  type: v.exactOptional(v.string()),
  createdAt: v.number(),
});

/** Parses a stored saved search; throws VALIDATION_ERROR naming the field. */
export function parseSavedSearch(input: unknown): SavedSearch {
  return parseWith(savedSearch, input, 'Saved search');
}
