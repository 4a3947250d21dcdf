import * as v from 'valibot';

/** Bytes travel as base64. */
export const bytes = v.pipe(v.string(), v.base64());
/** A count or size. */
export const count = v.pipe(v.number(), v.minValue(0));
/** Milliseconds since the epoch: as decimal text where a number would not be exact. */
export const moment = v.union([v.number(), v.string()]);
/** The first bytes of a piece of data, how many there are, and a digest of all when these are not. */
export const cell = v.object({ bytes, size: count, digest: v.optional(v.string()) });

const paging = { cursor: v.optional(v.string()) };
/** A page of a value, one shape a kind of value. */
export const page = v.variant('kind', [
  v.object({ ...paging, kind: v.literal('bytes'), offset: count, total: count, bytes }),
  v.object({
    ...paging,
    kind: v.literal('hash'),
    total: count,
    rows: v.array(v.object({ field: cell, value: cell, ttlMs: v.optional(v.number()) })),
    /** Why it cannot be told which fields expire. */
    hiddenTtls: v.optional(v.string()),
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
      v.object({
        name: bytes,
        consumers: count,
        pending: count,
        lastDeliveredId: v.string(),
        lag: v.optional(count),
      }),
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
    facts: v.optional(v.array(v.object({ name: v.string(), value: v.string() }))),
  }),
]);

/** A page of a value as the webview sees it. */
export type PageDto = v.InferOutput<typeof page>;

/** Consumers of a group of a stream and a page of what waits to be acknowledged. */
export const groupPage = v.object({
  consumers: v.array(v.object({ name: bytes, pending: count, idleMs: count })),
  pending: v.array(v.object({ id: v.string(), consumer: bytes, idleMs: count, deliveries: count })),
  cursor: v.optional(v.string()),
});

export type GroupPageDto = v.InferOutput<typeof groupPage>;
