import * as v from 'valibot';
import type { StoredHistoryEvent } from './history';
import { parseWith } from './parse';

const errorCodes = [
  'VALIDATION_ERROR',
  'UNAUTHORIZED',
  'TIMEOUT',
  'CONNECTION_FAILED',
  'NOT_SUPPORTED',
  'CONFLICT',
  'INTERNAL_ERROR',
] as const;

const storedEvent = v.object({
  seq: v.pipe(v.number(), v.integer()),
  id: v.string(),
  timestamp: v.number(),
  source: v.picklist(['app', 'engine']),
  connectionId: v.exactOptional(v.string()),
  namespace: v.exactOptional(v.string()),
  environment: v.exactOptional(v.picklist(['dev', 'staging', 'prod'])),
  action: v.string(),
  keyOrPattern: v.exactOptional(v.string()),
  durationMs: v.number(),
  status: v.picklist(['success', 'error', 'blocked', 'unknown']),
  errorCode: v.exactOptional(v.picklist(errorCodes)),
  retryable: v.exactOptional(v.boolean()),
  attempts: v.number(),
  correlationId: v.string(),
  details: v.exactOptional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))),
});

/** Parses a recorded event as it comes out of a store; throws VALIDATION_ERROR naming the field. */
export function parseStoredHistoryEvent(input: unknown): StoredHistoryEvent {
  return parseWith(storedEvent, input, 'History event');
}
