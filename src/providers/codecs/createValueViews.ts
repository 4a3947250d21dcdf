import { EngineError, invalid } from '../../engine/kernel/errors';
import type { ValueView, ValueViews, ViewHints } from '../../engine/values/valueViews';
import { chooseViews } from '../../engine/values/views/chooseViews';
import type { Codecs } from '../../engine/values/views/codec';
import { flagNotes } from '../../engine/values/views/memcachedFlags';
import { parseView, viewOf } from '../../engine/values/views/viewChain';
import { layOutJson, readable } from '../../engine/values/views/jsonLayout';
import { decodeThrough, encodeThrough } from '../../engine/values/views/viewCodec';
import { allFaces, allLayers } from './codecTable';
import { protobufFaces, type Schema } from './protobufFaces';
import { isOfSchema } from './schemaViews';

/** Longest value that is decoded: 1 MiB, what can be edited. */
const maxInput = 1024 * 1024;

export interface ValueViewsOptions {
  /** The Protocol Buffers schemas of the person; read before each act, so that a changed file counts. */
  readonly readSchemas: () => Promise<readonly Schema[]>;
}

/** The decoders of values, in the thread that calls. Libraries are loaded with the first value that needs them. */
export function createValueViews({ readSchemas }: ValueViewsOptions): ValueViews {
  const codecsFor = async (view?: string): Promise<Codecs> => {
    const isNeeded = view === undefined || isOfSchema(view);
    const faces = isNeeded ? await protobufFaces(await readSchemas()) : [];
    return { faces: [...allFaces, ...faces], layers: allLayers };
  };
  return {
    async offered(bytes, hints) {
      limit(bytes);
      return offer(bytes, hints, await usable(codecsFor));
    },
    async decode(bytes, view, hints) {
      limit(bytes);
      const decoded = await decodeThrough(parseView(view, await codecsFor(view)), bytes);
      return { ...decoded, notes: [...decoded.notes, ...flagNotes(hints?.flags, bytes)] };
    },
    async encode(text, view, original) {
      limit(original);
      return encodeThrough(parseView(view, await codecsFor(view)), text, original);
    },
    async readableJson(bytes) {
      const laidOut = layOutJson(bytes.toString('utf8'), readable);
      return 'text' in laidOut ? Buffer.from(laidOut.text) : undefined;
    },
  };
}

/** A schema that cannot be read takes its views away, not all of them. */
async function usable(codecsFor: (view?: string) => Promise<Codecs>): Promise<Codecs> {
  try {
    return await codecsFor();
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.code === 'VALIDATION_ERROR') return codecsFor('');
    throw thrown;
  }
}

async function offer(bytes: Buffer, hints: ViewHints, codecs: Codecs): Promise<readonly ValueView[]> {
  const { fitting, onRequest } = await chooseViews(bytes, codecs);
  const views = [...fitting, ...onRequest].map(viewOf);
  const preferred = await preferredView(bytes, hints, codecs);
  return preferred ? [preferred, ...views.filter(({ id }) => id !== preferred.id)] : views;
}

/** The view that was chosen before, if these bytes are of it too. */
async function preferredView(
  bytes: Buffer,
  { preferred }: ViewHints,
  codecs: Codecs,
): Promise<ValueView | undefined> {
  if (preferred === undefined) return undefined;
  try {
    return (await decodeThrough(parseView(preferred, codecs), bytes)).view;
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.code === 'VALIDATION_ERROR') return undefined;
    throw thrown;
  }
}

function limit(bytes: Buffer): void {
  if (bytes.length > maxInput)
    throw invalid(`Values are decoded up to ${maxInput} bytes: this one has ${bytes.length}`);
}
