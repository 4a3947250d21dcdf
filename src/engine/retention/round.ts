import * as v from 'valibot';
import { parseWith } from '../kernel/parse';
import { datasets } from './dataset';

const some = v.array(v.picklist(datasets));

const round = v.object({
  /** Time by which the round judged age, milliseconds since the epoch. */
  now: v.number(),
  /** How long the wall clock has been ahead of that time without reason, milliseconds. */
  doubtedMs: v.optional(v.number(), 0),
  /** Datasets that were told to be near or over their budget, to be purged for it, and to collect no more. */
  warned: some,
  purged: some,
  stopped: some,
});

/** What one round of retention leaves to the next, in whichever window that is. */
export type RetentionRound = v.InferOutput<typeof round>;

/** Parses a stored round; throws VALIDATION_ERROR naming the field. */
export function parseRetentionRound(input: unknown): RetentionRound {
  return parseWith(round, input, 'Retention round');
}
