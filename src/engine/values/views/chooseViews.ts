import { isUtf8 } from 'node:buffer';
import { EngineError } from '../../kernel/errors';
import type { Codecs, Face, Fit, Layer } from './codec';
import { maxDecoders, type ViewChain } from './viewChain';

/** Chains that fit some bytes: those to take unasked, the best first, and those a person may ask for. */
export interface Choice {
  readonly fitting: readonly ViewChain[];
  readonly onRequest: readonly ViewChain[];
}

/** Shortest text that, coming out of bytes without a mark of their own, shows that they were rightly unpacked. */
const convincingText = 8;

/** Finds the chains that fit, deepest first: what was packed is what a person wants to see. */
export async function chooseViews(bytes: Buffer, codecs: Codecs, depth = 1): Promise<Choice> {
  const faces = await sorted(codecs.faces, bytes);
  const fitting: ViewChain[] = [];
  const onRequest: ViewChain[] = [];
  if (depth < maxDecoders) {
    for (const layer of codecs.layers) {
      const { sure, chains } = await throughLayer(layer, bytes, codecs, depth);
      (sure ? fitting : onRequest).push(...chains);
    }
  }
  fitting.push(...faces.sure.map((face): ViewChain => ({ layers: [], face })));
  onRequest.push(...faces.choice.map((face): ViewChain => ({ layers: [], face })));
  return { fitting, onRequest };
}

async function sorted(
  faces: readonly Face[],
  bytes: Buffer,
): Promise<{ sure: readonly Face[]; choice: readonly Face[] }> {
  const sure: Face[] = [];
  const choice: Face[] = [];
  for (const face of faces) {
    const fit = await face.fit(bytes);
    if (fit === 'sure') sure.push(face);
    else if (fit !== 'no') choice.push(face);
  }
  return { sure: isUtf8(bytes) ? sure : textLast(sure), choice };
}

/** What is no text is better seen in hex. */
function textLast(faces: readonly Face[]): readonly Face[] {
  const isText = ({ name }: Face): boolean => name === 'text';
  return [...faces.filter((face) => !isText(face)), ...faces.filter(isText)];
}

async function throughLayer(
  layer: Layer,
  bytes: Buffer,
  codecs: Codecs,
  depth: number,
): Promise<{ sure: boolean; chains: readonly ViewChain[] }> {
  const fit = layer.fit(bytes);
  // within something packed, only what is sure counts
  const isMeant = fit !== 'no' && (fit !== 'choice' || depth === 1);
  const inner = !isMeant ? undefined : await unpacked(layer, bytes);
  if (!inner || inner.length === 0) return { sure: false, chains: [] };
  const { fitting } = await chooseViews(inner, codecs, depth + 1);
  const chains = fitting.map(({ layers, face }): ViewChain => ({ layers: [layer, ...layers], face }));
  const sure = isSure(fit, inner, fitting);
  return { sure, chains: sure ? chains : chains.slice(0, 1) };
}

function isSure(fit: Fit, inner: Buffer, fitting: readonly ViewChain[]): boolean {
  if (fit !== 'convincing') return fit === 'sure';
  const [best] = fitting;
  const isMore = best !== undefined && (best.layers.length > 0 || !isPlain(best.face));
  return isMore || (inner.length >= convincingText && isReadable(inner));
}

/** Text and hex fit everything, so they prove nothing. */
function isPlain({ name }: Face): boolean {
  return name === 'text' || name === 'hex' || name === 'hexdump';
}

/** How far text is looked at for control characters. */
const lookedAt = 64 * 1024;

/** Whether bytes are text that a person would have written. */
export function isReadable(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.subarray(0, lookedAt).some(isControl);
}

function isControl(byte: number): boolean {
  return byte === 0x7f || (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
}

async function unpacked(layer: Layer, bytes: Buffer): Promise<Buffer | undefined> {
  try {
    return await layer.unpack(bytes);
  } catch (thrown) {
    // bytes that only look packed are shown as they are
    if (thrown instanceof EngineError && thrown.code === 'VALIDATION_ERROR') return undefined;
    throw thrown;
  }
}
