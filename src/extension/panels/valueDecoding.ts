import type { EncodedValue, ValueViews } from '../../engine/values/valueViews';
import type { DecodedDto } from '../../protocol/value';

/** Bytes in a view, with all the views that fit; in the best one when none is wanted. */
export async function decodeValue(
  views: ValueViews,
  bytes: Buffer,
  view: string | undefined,
  flags: number | undefined,
): Promise<DecodedDto> {
  const hints = { ...(flags !== undefined && { flags }), ...(view !== undefined && { preferred: view }) };
  const offered = await views.offered(bytes, hints);
  const decoded = await views.decode(bytes, view ?? offered[0]?.id ?? 'text', hints);
  return { ...decoded, notes: [...decoded.notes], views: [...offered] };
}

/** What edited text stands for. */
export async function encodeValue(
  views: ValueViews,
  text: string,
  view: string,
  original: Buffer,
): Promise<{ bytes: string } | Exclude<EncodedValue, { bytes: Buffer }>> {
  const encoded = await views.encode(text, view, original);
  return 'bytes' in encoded ? { bytes: encoded.bytes.toString('base64') } : encoded;
}
