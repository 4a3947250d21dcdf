import * as v from 'valibot';
import { bytes, count } from './valuePage';

/** Most elements of one change: what one script of the server may do at a time. */
export const mostEdits = 1000;

const index = v.pipe(v.number(), v.integer());
const edits = <T extends v.GenericSchema>(edit: T) =>
  v.pipe(v.array(edit), v.minLength(1), v.maxLength(mostEdits));
const sides = { before: v.optional(bytes), after: v.optional(bytes) };
/** With `beforeSize`, `before` is only the start of what was seen: the host reads the whole, and size and digest must fit. */
const elementSides = { ...sides, beforeSize: v.optional(count), beforeDigest: v.optional(v.string()) };

const elements = v.variant('type', [
  v.object({
    type: v.literal('hash'),
    edits: edits(
      v.object({
        field: bytes,
        ...elementSides,
        /** The field whose time to live this one takes over: it is renamed. */
        ttlOf: v.optional(bytes),
        /** Seconds the field has to live from now; null for ever; kept when absent. */
        ttlSeconds: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1)))),
      }),
    ),
  }),
  v.object({
    type: v.literal('list'),
    edits: edits(v.object({ index, ...elementSides, pivot: v.optional(v.nullable(bytes)) })),
  }),
  v.object({
    type: v.literal('set'),
    edits: edits(v.object({ member: bytes, before: v.boolean(), after: v.boolean() })),
  }),
  v.object({
    type: v.literal('zset'),
    edits: edits(v.object({ member: bytes, before: v.optional(v.string()), after: v.optional(v.string()) })),
  }),
]);

/** Edits of elements, all or none: what was seen and what it should become; an absent side adds or takes away. */
export type ElementEditsDto = v.InferOutput<typeof elements>;

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const ids = v.pipe(v.array(id), v.minLength(1), v.maxLength(mostEdits));

const streamAct = v.variant('act', [
  v.object({ act: v.literal('add'), id, fields: edits(v.tuple([bytes, bytes])) }),
  v.object({ act: v.literal('delete'), ids }),
  v.object({
    act: v.literal('trim'),
    to: v.union([v.object({ maxLength: count }), v.object({ minId: id })]),
  }),
  v.object({ act: v.literal('acknowledge'), group: bytes, ids }),
  v.object({ act: v.literal('claim'), group: bytes, consumer: bytes, ids, minIdleMs: count }),
  v.object({ act: v.literal('createGroup'), group: bytes, from: id }),
  v.object({ act: v.literal('setGroupId'), group: bytes, from: id }),
  v.object({ act: v.literal('deleteGroup'), group: bytes }),
  v.object({ act: v.literal('deleteConsumer'), group: bytes, consumer: bytes }),
]);

export type StreamActDto = v.InferOutput<typeof streamAct>;

/** A change the person made; `before` is what they saw. */
export const change = v.variant('kind', [
  v.object({ kind: v.literal('string'), before: bytes, after: bytes }),
  v.object({ kind: v.literal('item'), before: bytes, after: bytes, cas: v.string(), flags: count }),
  v.object({ kind: v.literal('elements'), elements }),
  v.object({
    kind: v.literal('json'),
    path: v.pipe(v.string(), v.minLength(1), v.maxLength(4096)),
    ...sides,
  }),
  v.object({ kind: v.literal('stream'), act: streamAct }),
]);

export type ChangeDto = v.InferOutput<typeof change>;

/** What an unsaved edit is of: a whole value, or one element; without its name, an element that is being added. */
const target = v.variant('kind', [
  v.object({ kind: v.literal('string') }),
  v.object({ kind: v.literal('item'), cas: v.string(), flags: count }),
  v.object({ kind: v.literal('json'), path: v.string() }),
  v.object({ kind: v.literal('hash'), field: v.optional(bytes) }),
  v.object({ kind: v.literal('list'), index: v.optional(index) }),
  v.object({ kind: v.literal('set'), member: v.optional(bytes) }),
  v.object({ kind: v.literal('zset'), member: v.optional(bytes), score: v.string() }),
]);

export type TargetDto = v.InferOutput<typeof target>;

/** An edit that was not saved yet, as typed; `before` is what the person saw when they began. */
export const draft = v.object({
  target,
  before: v.optional(bytes),
  /** `text`, `escaped`, or a view of the host. */
  form: v.string(),
  text: v.string(),
  /** The text before the first change, where only the host can turn text into bytes. */
  shown: v.optional(v.string()),
  /** Typed beside the bytes: the name of a new field, a score, where a new element goes. */
  name: v.optional(v.string()),
  score: v.optional(v.string()),
  place: v.optional(v.picklist(['head', 'tail', 'before', 'after'])),
  /** The element that `before` and `after` count from. */
  anchor: v.optional(v.object({ index, bytes })),
});

export type DraftDto = v.InferOutput<typeof draft>;
