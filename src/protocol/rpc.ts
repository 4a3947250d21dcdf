import * as v from 'valibot';
import type { ErrorCode } from '../engine/kernel/errors';

/** A failure as it crosses to a webview: text for people is already made by the host. */
export interface RpcError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly correlationId: string;
  /** Form field at fault, for inline display. */
  readonly field?: string;
}

/** One method of a surface: how its parameters and its result are parsed. */
export interface Method<
  P extends v.GenericSchema = v.GenericSchema,
  R extends v.GenericSchema = v.GenericSchema,
> {
  readonly params: P;
  readonly result: R;
}

/** `surface/method` to its parsers. */
export type MethodMap = Readonly<Record<string, Method>>;
export type ParamsOf<M extends Method> = v.InferOutput<M['params']>;
export type ResultOf<M extends Method> = v.InferOutput<M['result']>;

/** `surface/event` to the parser of its data. */
export type EventMap = Readonly<Record<string, v.GenericSchema>>;

/** Longest message a webview may send, characters of JSON: a value editor sends up to 1 MiB of base64. */
export const maxMessageLength = 4_000_000;

/** Chosen anew by each load of a webview page: ids restart with the page, so every message says whose it is. */
const clientId = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

const requestMessage = v.object({
  kind: v.literal('request'),
  clientId,
  id: v.pipe(v.number(), v.integer(), v.minValue(1)),
  method: v.pipe(v.string(), v.maxLength(100)),
  params: v.unknown(),
});
const cancelMessage = v.object({
  kind: v.literal('cancel'),
  clientId,
  id: v.pipe(v.number(), v.integer(), v.minValue(1)),
});
const readyMessage = v.object({ kind: v.literal('ready'), clientId });

/** What a webview may send. */
export const fromWebview = v.variant('kind', [requestMessage, cancelMessage, readyMessage]);
export type FromWebview = v.InferOutput<typeof fromWebview>;

const errorCodes = [
  'VALIDATION_ERROR',
  'UNAUTHORIZED',
  'TIMEOUT',
  'CONNECTION_FAILED',
  'NOT_SUPPORTED',
  'CONFLICT',
  'INTERNAL_ERROR',
] as const satisfies readonly ErrorCode[];

const rpcError = v.object({
  code: v.picklist(errorCodes),
  message: v.string(),
  retryable: v.boolean(),
  correlationId: v.string(),
  field: v.optional(v.string()),
});
const resultMessage = v.object({ kind: v.literal('result'), clientId, id: v.number(), result: v.unknown() });
const failureMessage = v.object({ kind: v.literal('failure'), clientId, id: v.number(), error: rpcError });
/** `seq` rises by one an event; a gap makes the webview ask for a new snapshot. */
const eventMessage = v.object({
  kind: v.literal('event'),
  clientId,
  seq: v.number(),
  name: v.string(),
  data: v.unknown(),
});

/** What the host may send. */
export const fromHost = v.variant('kind', [resultMessage, failureMessage, eventMessage]);
export type FromHost = v.InferOutput<typeof fromHost>;
