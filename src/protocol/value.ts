import * as v from 'valibot';
import type { EventMap, MethodMap } from './rpc';
import { change, draft } from './valueChange';
import { bytes, count, groupPage, moment, page } from './valuePage';

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
  expireAtMs: v.optional(moment),
  /** Why it cannot be told whether the key expires. */
  hiddenTtl: v.optional(v.string()),
  length: v.optional(count),
  encoding: v.optional(v.string()),
  memoryBytes: v.optional(count),
  flags: v.optional(count),
  cas: v.optional(v.string()),
  idleSeconds: v.optional(count),
  /** Memcached slab class. */
  slab: v.optional(count),
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
  /** Whether fields of a hash can have a time to live of their own. */
  fieldTtl: v.optional(v.boolean()),
  /** What Undo would take back, as a sentence; undefined when there is nothing. */
  undo: v.optional(v.string()),
  /** View chosen before for keys like this one. */
  preferredView: v.optional(v.string()),
  loadedAtMs: v.number(),
  /** What the reads cost: round trip in milliseconds. */
  tookMs: v.number(),
});

/** All that the value panel shows when it opens or is refreshed. */
export type ValueSnapshot = v.InferOutput<typeof snapshot>;

const conflict = v.object({
  status: v.literal('conflict'),
  reason: v.picklist(['changed', 'gone', 'exists', 'wrong-type']),
  current: v.optional(bytes),
  cas: v.optional(v.string()),
  /** Which of several edits met it, from 0. */
  edit: v.optional(count),
});
/** The reply was lost and reading back did not settle it; `message` says what to do. */
const unknown = v.object({ status: v.literal('unknown'), message: v.string() });

const outcome = v.variant('status', [
  /** Without a snapshot: the change is made, but reading the key again failed. */
  v.object({ status: v.literal('applied'), snapshot: v.optional(snapshot) }),
  conflict,
  unknown,
  /** The person answered no in a confirmation of the host. */
  v.object({ status: v.literal('dismissed') }),
]);

export type OutcomeDto = v.InferOutput<typeof outcome>;

/** Unsaved edits; `revision` rises whenever the host changes them. */
const held = { drafts: v.pipe(v.array(draft), v.maxLength(1000)), revision: count };
/** Why an edit was not saved when the editor asked for it. */
const trouble = v.object({
  draft: v.optional(draft),
  outcome: v.variant('status', [
    conflict,
    unknown,
    v.object({ status: v.literal('refused'), message: v.string() }),
  ]),
});

export type TroubleDto = v.InferOutput<typeof trouble>;
const none = v.object({});
const epoch = { epoch: count };
const view = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** One element, to be read whole. */
const element = v.variant('kind', [
  v.object({ kind: v.literal('hash'), field: bytes }),
  v.object({ kind: v.literal('list'), index: v.pipe(v.number(), v.integer()) }),
  v.object({ kind: v.literal('stream'), id: v.string(), at: count }),
  v.object({ kind: v.literal('json'), path: v.string() }),
]);

/** One element that can be an editor's document. */
const documentElement = v.variant('kind', [
  v.object({ kind: v.literal('hash'), field: bytes }),
  v.object({ kind: v.literal('stream'), id: v.string() }),
]);

export type ElementDto = v.InferOutput<typeof element>;

const valueView = v.object({ id: v.string(), title: v.string() });

const decoded = v.object({
  /** Views that fit the bytes, the best first. */
  views: v.array(valueView),
  view: valueView,
  text: v.string(),
  language: v.picklist(['plaintext', 'json']),
  editable: v.boolean(),
  readOnlyReason: v.optional(v.string()),
  notes: v.array(v.string()),
  imageType: v.optional(v.string()),
});

/** Bytes as a view of the host shows them. */
export type DecodedDto = v.InferOutput<typeof decoded>;

const found = v.object({
  /** The rows that match; of a string, nothing. */
  page: v.optional(page),
  /** Of a string: where matches begin, bytes. */
  offsets: v.array(count),
  /** Rows or bytes looked at by this request. */
  examined: count,
  /** Where to go on; undefined when all was searched. */
  cursor: v.optional(v.string()),
});

export type FoundDto = v.InferOutput<typeof found>;
const stamp = { epoch: count, requestId: v.pipe(v.string(), v.minLength(8), v.maxLength(64)) };

/** Methods of the value panel. A panel shows one key, so no method names one. */
export const valueMethods = {
  /** The order stays until the next load: pages and what follows a save come in it too. */
  'value/load': {
    params: v.object({
      descending: v.optional(v.boolean()),
      /** Nobody asked for this read: it is one of many, and leaves no trace in the history. */
      repeated: v.optional(v.boolean()),
      /** The person looked again: a save whose end was not known is another one if it is made again. */
      again: v.optional(v.boolean()),
    }),
    result: snapshot,
  },
  'value/page': { params: v.object({ ...epoch, cursor: v.string() }), result: page },
  /** The whole of a cell that a page shows truncated. */
  'value/element': {
    params: v.object({ ...epoch, element }),
    result: v.object({ bytes: v.optional(bytes) }),
  },
  'value/group': {
    params: v.object({ ...epoch, group: bytes, cursor: v.optional(v.string()) }),
    result: groupPage,
  },
  /** Searches on from `cursor` for a while; the page asks again until it is done or cancelled. */
  'value/search': {
    params: v.object({
      ...epoch,
      text: v.pipe(v.string(), v.minLength(1), v.maxLength(1000)),
      cursor: v.optional(v.string()),
    }),
    result: found,
  },
  /** Without `view` the best one is taken. */
  'value/decode': { params: v.object({ bytes, view: v.optional(view) }), result: decoded },
  'value/encode': {
    params: v.object({ text: v.string(), view, original: bytes }),
    result: v.union([v.object({ bytes }), v.object({ problem: v.string(), at: v.optional(count) })]),
  },
  /** Shows keys like this one in this view from now on; undefined: in the best. */
  'value/preferView': { params: v.object({ view: v.optional(view) }), result: none },
  /** With the key of the draft that the change is of, which ends when the change is applied. */
  'value/save': { params: v.object({ ...stamp, change, draft: v.optional(v.string()) }), result: outcome },
  /** Seconds are whole; the host makes the time absolute. */
  'value/setTtl': {
    params: v.object({ ...stamp, seconds: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
    result: outcome,
  },
  'value/removeTtl': { params: v.object(stamp), result: outcome },
  /** Takes the last change back, if what it wrote is still there. */
  'value/undo': { params: v.object(stamp), result: outcome },
  /** Asks for confirmation in the editor's own dialog, then deletes. */
  'value/delete': { params: v.object(stamp), result: outcome },
  /** Ways out and in that the host takes: dialogs, files, the clipboard, an editor. */
  'value/copy': {
    params: v.object({ form: v.picklist(['escaped', 'text', 'base64']), element: v.optional(element) }),
    result: none,
  },
  'value/copyText': { params: v.object({ text: v.string() }), result: none },
  'value/saveAs': { params: v.object({ element: v.optional(element) }), result: none },
  'value/loadFile': { params: none, result: none },
  'value/openDocument': { params: v.object({ element: v.optional(documentElement) }), result: none },
  'value/copyName': { params: none, result: none },
  /** The host owns the unsaved edits; what a page tells without having seen the newest `revision` is void. */
  'value/holdDrafts': { params: v.object(held), result: none },
  'value/heldDrafts': { params: none, result: v.object({ ...held, trouble: v.optional(trouble) }) },
} as const satisfies MethodMap;

/** Events of the value panel. */
export const valueEvents = {
  /** Connection state or lock changed. */
  'value/header': header,
  /** The host read the key again. */
  'value/snapshot': snapshot,
  /** The host changed the unsaved edits: one was saved, undone or given up. */
  'value/drafts': v.object(held),
  /** What came of a save that the editor asked for. */
  'value/trouble': trouble,
} as const satisfies EventMap;
