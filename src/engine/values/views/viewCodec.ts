import type { DecodedValue, EncodedValue } from '../valueViews';
import { viewOf, type ViewChain } from './viewChain';

/** Shows bytes through a chain, and finds out whether the text can be edited without changing anything else. */
export async function decodeThrough(chain: ViewChain, bytes: Buffer): Promise<DecodedValue> {
  const levels = await unpackAll(chain, bytes);
  const { readOnlyReason, notes = [], ...shown } = await chain.face.show(innermost(levels));
  const reason = readOnlyReason ?? (await whyReadOnly(chain, levels, shown.text));
  return {
    ...shown,
    view: viewOf(chain),
    notes,
    editable: reason === undefined,
    ...(reason !== undefined && { readOnlyReason: reason }),
  };
}

/** Turns edited text back into bytes, packed as `original` is; refuses what a view of `original` may not edit. */
export async function encodeThrough(chain: ViewChain, text: string, original: Buffer): Promise<EncodedValue> {
  const levels = await unpackAll(chain, original);
  const shown = await chain.face.show(innermost(levels));
  const reason = shown.readOnlyReason ?? (await whyReadOnly(chain, levels, shown.text));
  if (reason !== undefined) return { problem: reason };
  const read = await chain.face.read?.(text, innermost(levels));
  if (!read || 'problem' in read) return read ?? { problem: chain.face.readOnlyReason };
  const packed = await packAll(chain, levels, read.bytes);
  return 'bytes' in packed ? packed : { problem: packed.readOnlyReason };
}

async function unpackAll({ layers }: ViewChain, bytes: Buffer): Promise<readonly Buffer[]> {
  const levels = [bytes];
  for (const layer of layers) levels.push(await layer.unpack(innermost(levels)));
  return levels;
}

async function whyReadOnly(
  chain: ViewChain,
  levels: readonly Buffer[],
  text: string,
): Promise<string | undefined> {
  const { face } = chain;
  const inner = innermost(levels);
  const read = await face.read?.(text, inner);
  if (!read || 'problem' in read || !read.bytes.equals(inner)) return face.readOnlyReason;
  const packed = await packAll(chain, levels, inner);
  if (!('bytes' in packed)) return packed.readOnlyReason;
  return packed.bytes.equals(levels[0] ?? inner) ? undefined : chain.layers[0]?.readOnlyReason;
}

/** Packs from the innermost level outwards; the layer that cannot repeat its packing is what stops it. */
async function packAll(
  { layers }: ViewChain,
  levels: readonly Buffer[],
  inner: Buffer,
): Promise<{ readonly bytes: Buffer } | { readonly readOnlyReason: string }> {
  let bytes = inner;
  for (const [index, layer] of [...layers.entries()].reverse()) {
    const [original, originalInner] = levels.slice(index);
    const packed =
      original && originalInner && (await layer.pack?.(bytes, { bytes: original, inner: originalInner }));
    if (!packed) return layer;
    bytes = packed;
  }
  return { bytes };
}

function innermost(levels: readonly Buffer[]): Buffer {
  return levels.at(-1) ?? Buffer.alloc(0);
}
