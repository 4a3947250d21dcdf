import * as v from 'valibot';
import type { EventMap, MethodMap } from './rpc';

/** Bytes travel as base64. */
const bytes = v.pipe(v.string(), v.base64());
const count = v.pipe(v.number(), v.minValue(0));
const cell = v.object({ bytes, size: count });

const paging = { cursor: v.optional(v.string()) };
const page = v.variant('kind', [
  v.object({ ...paging, kind: v.literal('bytes'), offset: count, total: count, bytes }),
  v.object({
    ...paging,
    kind: v.literal('hash'),
    total: count,
    rows: v.array(v.object({ field: cell, value: cell, ttlMs: v.optional(v.number()) })),
  }),
  v.object({
    ...paging,
    kind: v.literal('list'),
    total: count,
    rows: v.array(v.object({ index: count, value: cell })),
  }),
  v.object({ ...paging, kind: v.literal('set'), total: count, rows: v.array(v.object({ member: cell })) }),
  v.object({
    ...paging,
    kind: v.literal('zset'),
    total: count,
    rows: v.array(v.object({ member: cell, score: v.string() })),
  }),
  v.object({
    ...paging,
    kind: v.literal('stream'),
    total: count,
    groups: v.array(
      v.object({ name: v.string(), consumers: count, pending: count, lastDeliveredId: v.string() }),
    ),
    rows: v.array(v.object({ id: v.string(), fields: v.array(v.object({ name: cell, value: cell })) })),
  }),
  v.object({ ...paging, kind: v.literal('json'), total: count, text: bytes, truncated: v.boolean() }),
  v.object({
    ...paging,
    kind: v.literal('other'),
    typeName: v.string(),
    memoryBytes: v.optional(count),
    note: v.string(),
  }),
]);

/** A page of a value as the webview sees it. */
export type PageDto = v.InferOutput<typeof page>;

const header = v.object({
  /** Escaped name of the key, safe to show. */
  keyLabel: v.string(),
  connectionName: v.string(),
  environment: v.picklist(['dev', 'staging', 'prod']),
  engine: v.picklist(['redis', 'memcached']),
  /** `db 0` or the name of the namespace. */
  place: v.string(),
  state: v.picklist(['connected', 'degraded', 'unreachable', 'connecting', 'unknown']),
  /** Why nothing can be changed here; undefined when edits are allowed. */
  locked: v.optional(v.string()),
});

const facts = v.object({
  type: v.picklist(['string', 'hash', 'list', 'set', 'zset', 'stream', 'json', 'item', 'other']),
  typeName: v.string(),
  /** Milliseconds since the epoch, by the host's clock; undefined when the key does not expire. */
  expireAtMs: v.optional(v.number()),
  length: v.optional(count),
  encoding: v.optional(v.string()),
  memoryBytes: v.optional(count),
  flags: v.optional(count),
  cas: v.optional(v.string()),
  idleSeconds: v.optional(count),
});

const snapshot = v.object({
  header,
  /** Rises with every snapshot; a change based on an older one is refused as stale. */
  epoch: count,
  /** Undefined: the key does not exist (any more). */
  facts: v.optional(facts),
  page: v.optional(page),
  /** Why this value cannot be edited (yet), as a sentence; undefined when it can. */
  readOnlyReason: v.optional(v.string()),
  loadedAtMs: v.number(),
  /** What the reads cost: round trip in milliseconds. */
  tookMs: v.number(),
});

/** All that the value panel shows when it opens or is refreshed. */
export type ValueSnapshot = v.InferOutput<typeof snapshot>;

const change = v.variant('kind', [
  v.object({ kind: v.literal('string'), before: bytes, after: bytes }),
  v.object({ kind: v.literal('hash'), field: bytes, before: v.optional(bytes), after: bytes }),
  v.object({ kind: v.literal('item'), before: bytes, after: bytes, cas: v.string(), flags: count }),
]);

/** A change the person made; `before` is what they saw. */
export type ChangeDto = v.InferOutput<typeof change>;

const outcome = v.variant('status', [
  /** Without a snapshot: the change is made, but reading the key again failed. */
  v.object({ status: v.literal('applied'), snapshot: v.optional(snapshot) }),
  v.object({
    status: v.literal('conflict'),
    reason: v.picklist(['changed', 'gone', 'exists', 'wrong-type']),
    current: v.optional(bytes),
    cas: v.optional(v.string()),
  }),
  /** The reply was lost and reading back did not settle it; `message` says what to do. */
  v.object({ status: v.literal('unknown'), message: v.string() }),
  /** The person answered no in a confirmation of the host. */
  v.object({ status: v.literal('dismissed') }),
]);

export type OutcomeDto = v.InferOutput<typeof outcome>;

/** An edit that was not saved yet, as typed: `before`, `cas` and `flags` are what the person saw when they began. */
const draft = v.object({
  kind: v.picklist(['string', 'hash', 'item']),
  /** The hash field, undefined for a whole value; `fieldText` while a new one is being named. */
  field: v.optional(bytes),
  fieldText: v.optional(v.string()),
  before: v.optional(bytes),
  cas: v.optional(v.string()),
  flags: v.optional(count),
  form: v.picklist(['text', 'escaped']),
  text: v.string(),
});

export type DraftDto = v.InferOutput<typeof draft>;
const drafts = v.object({ drafts: v.pipe(v.array(draft), v.maxLength(1000)) });

const none = v.object({});
const stamp = { epoch: count, requestId: v.pipe(v.string(), v.minLength(8), v.maxLength(64)) };

/** Methods of the value panel. A panel shows one key, so no method names one. */
export const valueMethods = {
  'value/load': { params: none, result: snapshot },
  'value/page': { params: v.object({ epoch: count, cursor: v.string() }), result: page },
  /** The whole of a cell that a page shows truncated. */
  'value/element': {
    params: v.object({ epoch: count, field: bytes }),
    result: v.object({ bytes: v.optional(bytes) }),
  },
  'value/save': { params: v.object({ ...stamp, change }), result: outcome },
  /** Seconds are whole; the host makes the time absolute. */
  'value/setTtl': {
    params: v.object({ ...stamp, seconds: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
    result: outcome,
  },
  'value/removeTtl': { params: v.object(stamp), result: outcome },
  /** Asks for confirmation in the editor's own dialog, then deletes. */
  'value/delete': { params: v.object(stamp), result: outcome },
  'value/copyName': { params: none, result: none },
  /** A hidden panel loses its page: the host holds unsaved edits in memory, for as long as the panel lives. */
  'value/holdDrafts': { params: drafts, result: none },
  'value/heldDrafts': { params: none, result: drafts },
} as const satisfies MethodMap;

/** Events of the value panel: the header when connection state or lock changes; a snapshot after a refresh by the host. */
export const valueEvents = {
  'value/header': header,
  'value/snapshot': snapshot,
} as const satisfies EventMap;
