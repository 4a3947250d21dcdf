import { strict as assert } from 'node:assert';
import { createValueViews } from '../../../src/providers/codecs/createValueViews';
import type { ValueViews } from '../../../src/engine/values/valueViews';

/** The decoders with no schema. */
export const views = createValueViews({ readSchemas: async () => [] });

/** The id of the view that is taken unasked. */
export async function firstView(bytes: Buffer): Promise<string | undefined> {
  return (await views.offered(bytes, {}))[0]?.id;
}

/** Decodes, edits the text by `edit`, encodes, and checks that decoding again shows the edit. Gives the bytes. */
export async function edited(
  bytes: Buffer,
  view: string,
  edit: (text: string) => string,
  by: ValueViews = views,
): Promise<Buffer> {
  const before = await by.decode(bytes, view);
  assert.equal(before.readOnlyReason, undefined);
  assert.ok(before.editable, `${view} can be edited`);
  const text = edit(before.text);
  assert.notEqual(text, before.text, 'the edit changes something');
  const encoded = await by.encode(text, view, bytes);
  assert.ok('bytes' in encoded, JSON.stringify(encoded));
  assert.equal((await by.decode(encoded.bytes, view)).text, text);
  return encoded.bytes;
}

/** Checks that encoding the untouched text gives the same bytes wherever a view says it can be edited. */
export async function keepsUntouched(bytes: Buffer): Promise<readonly string[]> {
  const editable: string[] = [];
  for (const { id } of await views.offered(bytes, {})) {
    const decoded = await views.decode(bytes, id);
    if (!decoded.editable) {
      assert.ok(decoded.readOnlyReason, `${id} says why it cannot be edited`);
      continue;
    }
    const encoded = await views.encode(decoded.text, id, bytes);
    assert.ok('bytes' in encoded && encoded.bytes.equals(bytes), `${id} gives the same bytes`);
    editable.push(id);
  }
  return editable;
}
