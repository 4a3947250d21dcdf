import type { CacheReader, CallOptions } from '../../engine/connections/cacheProvider';
import type { Change } from '../../engine/connections/change';
import type { KeyFacts } from '../../engine/connections/valuePage';
import { EngineError } from '../../engine/kernel/errors';
import { editableBytes, openValue, type OpenedValue } from '../../engine/keys/openValue';
import type { ValueViews } from '../../engine/values/valueViews';
import type { DocumentTarget } from './documentTarget';
import { streamEntryText } from './streamEntryText';
import { textHindrance, type TextHindrance } from './documentText';

/** Why a document cannot be edited: what an editor would do to it, or something about the value. */
export type ReadOnlyReason =
  | TextHindrance
  | { readonly kind: 'not-whole'; readonly shown: number; readonly total: number }
  | { readonly kind: 'stream-entry' }
  | { readonly kind: 'server'; readonly sentence: string };

/** What a document shows of the server, and how an edit of it is written. */
export interface DocumentContent {
  readonly shown: Buffer;
  /** Asked once, for the language of the editor: it takes the whole text. */
  readonly isJson: () => Promise<boolean>;
  readonly readOnly?: ReadOnlyReason;
  /** Whether text stands for what is shown here. */
  readonly isSame: (text: Buffer) => Promise<boolean>;
  /** Compares with what was read, then sets; of what cannot be edited as text, for who agreed to replace it. */
  readonly changeTo?: (after: Buffer) => Change;
}

/** Where a document comes from: the server, and what lays JSON out. */
export interface DocumentSource {
  readonly reader: CacheReader;
  readonly views: Pick<ValueViews, 'readableJson'>;
}

/** Reads what a document shows; undefined when the key or element does not exist. */
export async function readContent(
  source: DocumentSource,
  target: DocumentTarget,
  call: CallOptions,
): Promise<DocumentContent | undefined> {
  const { key, element } = target;
  if (element?.kind === 'stream') return streamEntry(source.reader, key, element.id, call);
  if (element?.kind === 'hash') return hashField(source, key, element.field, call);
  const opened = await openValue(source.reader, key, call);
  return opened.facts && wholeValue(source, key, opened, opened.facts);
}

async function wholeValue(
  source: DocumentSource,
  key: Buffer,
  { page }: OpenedValue,
  facts: KeyFacts,
): Promise<DocumentContent> {
  if (page?.kind === 'json')
    return page.truncated ? cut(page.text, page.total) : jsonDocument(source, key, page.text);
  if (page?.kind !== 'bytes') throw notADocument(facts.typeName);
  const { bytes } = page;
  if (bytes.length < page.total) return cut(bytes, page.total);
  return plain(bytes, source, (after) => {
    const ttl = { mode: 'keep' } as const;
    if (facts.type !== 'item') return { kind: 'string.set', key, before: bytes, after, ttl };
    const { cas = '', flags = 0 } = facts;
    return { kind: 'item.set', key, before: bytes, cas, after, flags, ttl };
  });
}

async function hashField(
  source: DocumentSource,
  key: Buffer,
  field: Buffer,
  call: CallOptions,
): Promise<DocumentContent | undefined> {
  const before = await source.reader.readElement(key, { kind: 'hash', field }, call);
  return (
    before &&
    plain(before, source, (after) => ({
      kind: 'elements',
      key,
      edits: { type: 'hash', edits: [{ field, before, after }] },
    }))
  );
}

async function streamEntry(
  reader: CacheReader,
  key: Buffer,
  id: string,
  call: CallOptions,
): Promise<DocumentContent | undefined> {
  const text = await streamEntryText(reader, key, id, call);
  return text === undefined
    ? undefined
    : { ...readOnly(Buffer.from(text), { kind: 'stream-entry' }), isJson };
}

function plain(
  bytes: Buffer,
  { reader, views }: DocumentSource,
  changeTo: (after: Buffer) => Change,
): DocumentContent {
  const { compareAndSet } = reader.capabilities;
  const isLong = bytes.length > editableBytes;
  const misfit = textHindrance(bytes);
  // what an editor would spoil can be replaced as a whole
  if (misfit) return { ...readOnly(bytes, misfit), ...(compareAndSet.available && !isLong && { changeTo }) };
  if (isLong) return cut(bytes, bytes.length);
  if (!compareAndSet.available) return readOnly(bytes, { kind: 'server', sentence: compareAndSet.reason });
  return {
    shown: bytes,
    isJson: async () => isOpened(bytes) && (await views.readableJson(bytes)) !== undefined,
    isSame: async (text) => text.equals(bytes),
    changeTo,
  };
}

function readOnly(shown: Buffer, reason: ReadOnlyReason): DocumentContent {
  return {
    shown,
    isJson: async () => false,
    readOnly: reason,
    isSame: async (text) => text.equals(shown),
  };
}

function cut(bytes: Buffer, total: number): DocumentContent {
  return readOnly(bytes, { kind: 'not-whole', shown: bytes.length, total });
}

/** A value of the JSON module is laid out to be read; the server has no layout of its own to keep. */
async function jsonDocument(
  { views }: DocumentSource,
  key: Buffer,
  before: Buffer,
): Promise<DocumentContent> {
  const shown = (await views.readableJson(before)) ?? before;
  return {
    shown,
    isJson,
    isSame: async (text) => text.equals(shown) || (await views.readableJson(text))?.equals(shown) === true,
    changeTo: (after) => ({ kind: 'json.set', key, path: '$', before, after }),
  };
}

const isJson = async (): Promise<boolean> => true;

function isOpened(bytes: Buffer): boolean {
  return bytes[0] === 0x7b || bytes[0] === 0x5b;
}

function notADocument(typeName: string): EngineError {
  return new EngineError(
    'NOT_SUPPORTED',
    'unsupported',
    `A value of type ${typeName} is no single document: open it in the value panel`,
  );
}
