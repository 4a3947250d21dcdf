import * as v from 'valibot';
import type { ValuePart } from '../connections/valuePart';
import { momentBody, parseMoment, type Moment } from '../kernel/moment';
import { bytesSchema, bytesText, sealedBytesSchema } from './bytesText';

/** Types of a value in a file: those of the engine, with `dump` for what only the server can read. */
export const fileTypes = ['string', 'hash', 'list', 'set', 'zset', 'stream', 'json', 'item', 'dump'] as const;

export type FileType = (typeof fileTypes)[number];

/** Version of the format that is written; a file of a later one is refused. */
export const formatVersion = 1;

/** A number, or the decimal text of one that would not be exact. */
const moment = v.pipe(
  v.union([v.pipe(v.number(), v.safeInteger(), v.minValue(0)), v.string()]),
  v.transform((value): Moment | undefined => (typeof value === 'string' ? parseMoment(value) : value)),
  v.check((value) => value !== undefined, 'must be a moment that a server can hold'),
  v.transform((value): Moment => value ?? 0),
);
/** What servers give in 53 bits. */
const recent = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const score = v.pipe(v.string(), v.regex(/^[+-]?(inf|\d+(\.\d+)?(e[+-]?\d+)?)$/i, 'must be a number or inf'));
const streamId = v.pipe(v.string(), v.regex(/^\d{1,20}-\d{1,20}$/, 'must be the id of an entry'));

const group = v.strictObject({
  name: bytesSchema,
  lastId: streamId,
  entriesRead: v.exactOptional(count),
  consumers: v.array(bytesSchema),
});
const state = v.strictObject({
  lastId: streamId,
  entriesAdded: v.exactOptional(count),
  maxDeletedId: v.exactOptional(streamId),
  groups: v.array(group),
});
const pendingEntry = v.strictObject({
  id: streamId,
  consumer: bytesSchema,
  deliveredAtMs: recent,
  deliveries: count,
});

const streamBody = v.union([
  v.strictObject({
    entries: v.array(v.strictTuple([streamId, v.array(v.strictTuple([bytesSchema, bytesSchema]))])),
  }),
  v.strictObject({ state }),
  v.strictObject({ pending: v.strictObject({ group: bytesSchema, entries: v.array(pendingEntry) }) }),
]);
const hashEntry = v.union([
  v.strictTuple([bytesSchema, bytesSchema]),
  v.strictTuple([bytesSchema, bytesSchema, moment]),
]);

/** What a part of each type looks like in a file, turned into the part. */
export const partSchemas = {
  string: v.pipe(
    bytesSchema,
    v.transform((bytes): ValuePart => ({ kind: 'string', bytes })),
  ),
  json: v.pipe(
    bytesSchema,
    v.transform((bytes): ValuePart => ({ kind: 'json', bytes })),
  ),
  dump: v.pipe(
    sealedBytesSchema,
    v.transform((sealed): ValuePart => ({ kind: 'dump', ...sealed })),
  ),
  item: v.pipe(
    bytesSchema,
    v.transform((bytes): ValuePart => ({ kind: 'item', bytes, flags: 0 })),
  ),
  list: v.pipe(
    v.strictObject({ elements: v.array(bytesSchema) }),
    v.transform(({ elements }): ValuePart => ({ kind: 'list', elements })),
  ),
  set: v.pipe(
    v.strictObject({ elements: v.array(bytesSchema) }),
    v.transform(({ elements }): ValuePart => ({ kind: 'set', elements })),
  ),
  zset: v.pipe(
    v.strictObject({ members: v.array(v.strictTuple([bytesSchema, score])) }),
    v.transform(({ members }): ValuePart => ({ kind: 'zset', members })),
  ),
  hash: v.pipe(
    v.strictObject({ entries: v.array(hashEntry) }),
    v.transform(({ entries }): ValuePart => ({
      kind: 'hash',
      entries: entries.map(([field, value, expireAtMs]) => ({
        field,
        value,
        ...(expireAtMs !== undefined && { expireAtMs }),
      })),
    })),
  ),
  stream: v.pipe(
    streamBody,
    v.transform((body): ValuePart => {
      if ('state' in body) return { kind: 'streamState', state: body.state };
      if ('pending' in body) return { kind: 'pending', ...body.pending };
      return { kind: 'stream', entries: body.entries.map(([id, fields]) => ({ id, fields })) };
    }),
  ),
} as const;

/** One line of a file. A word that is not known may be a part of the key: nothing is left out unsaid. */
export const lineSchema = v.union([
  v.strictObject({
    key: bytesSchema,
    type: v.picklist(fileTypes),
    expireAtMs: v.exactOptional(moment),
    flags: v.exactOptional(v.pipe(count, v.maxValue(0xffff_ffff))),
    typeName: v.exactOptional(v.string()),
    value: v.exactOptional(v.unknown()),
    more: v.exactOptional(v.boolean()),
  }),
  v.strictObject({ part: v.unknown(), more: v.exactOptional(v.boolean()) }),
  v.object({ piece: v.string(), last: v.exactOptional(v.boolean()) }),
  v.object({ abandoned: v.literal(true) }),
  v.object({ end: v.object({ keys: count, failed: count }) }),
]);

export type FileLine = v.InferOutput<typeof lineSchema>;

/** The first line. */
export const headerSchema = v.object({
  format: v.literal('cachify-keys'),
  version: v.pipe(count, v.maxValue(formatVersion, 'is of a later version of this extension')),
  engine: v.picklist(['redis', 'memcached']),
});

/** A part as it stands in a file, to be turned into text. */
export function partBody(part: ValuePart): unknown {
  switch (part.kind) {
    case 'string':
    case 'json':
    case 'item':
      return bytesText(part.bytes);
    case 'dump':
      return { ...bytesText(part.bytes), ...(part.seal !== undefined && { seal: part.seal }) };
    case 'hash':
      return {
        entries: part.entries.map(({ field, value, expireAtMs }) => [
          bytesText(field),
          bytesText(value),
          ...(expireAtMs === undefined ? [] : [momentBody(expireAtMs)]),
        ]),
      };
    case 'list':
    case 'set':
      return { elements: part.elements.map(bytesText) };
    case 'zset':
      return { members: part.members.map(([member, own]) => [bytesText(member), own]) };
    case 'stream':
      return {
        entries: part.entries.map(({ id, fields }) => [
          id,
          fields.map(([name, value]) => [bytesText(name), bytesText(value)]),
        ]),
      };
    case 'streamState':
      return { state: stateBody(part.state) };
    case 'pending':
      return {
        pending: {
          group: bytesText(part.group),
          entries: part.entries.map((entry) => ({ ...entry, consumer: bytesText(entry.consumer) })),
        },
      };
  }
}

function stateBody(own: Extract<ValuePart, { kind: 'streamState' }>['state']): unknown {
  const groups = own.groups.map((one) => ({
    ...one,
    name: bytesText(one.name),
    consumers: one.consumers.map(bytesText),
  }));
  return { ...own, groups };
}
