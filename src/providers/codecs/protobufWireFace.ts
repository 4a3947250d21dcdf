import { EngineError, invalid } from '../../engine/kernel/errors';
import { isReadable } from '../../engine/values/views/chooseViews';
import type { Face } from '../../engine/values/views/codec';
import { JsonWriter } from '../../engine/values/views/jsonWriter';
import { maxStructured } from './limits';
import { readWire, type WireField } from './protobufWire';

/** Deepest message within a message that is looked for. */
const maxMessages = 16;

/** Protocol Buffers without a schema: numbers of fields, and what each may be. */
export const protobufWireFace: Face = {
  name: 'protobuf-wire',
  title: 'Protocol Buffers without a schema',
  readOnlyReason: 'Protocol Buffers can be read here, but not edited',
  fit: (bytes) => (bytes.length > 1 && isMessage(bytes) ? 'choice' : 'no'),
  show(bytes) {
    if (bytes.length > maxStructured) throw invalid(`This is too long to be shown: ${bytes.length} bytes`);
    const writer = new JsonWriter();
    writeWire(writer, bytes, 0);
    return {
      text: writer.text(),
      language: 'json',
      notes: ['Without a schema, names and types are not known: what is shown is a guess'],
    };
  },
};

/** Writes fields in their order, each as an object of its number. */
export function writeWire(writer: JsonWriter, bytes: Buffer, depth: number): void {
  writer.open('[');
  for (const field of readWire(bytes)) {
    writer.open('{');
    writer.key(String(field.number));
    writeField(writer, field, depth);
    writer.close();
  }
  writer.close();
}

function writeField(writer: JsonWriter, field: WireField, depth: number): void {
  if (field.wire === 'varint') writer.raw(String(field.value));
  else if (field.wire === 'fixed64') writer.string(`0x${field.bytes.toString('hex')}`);
  else if (field.wire === 'fixed32') writer.string(`0x${field.bytes.toString('hex')}`);
  else if (isReadable(field.bytes)) writer.string(field.bytes.toString('utf8'));
  else if (depth < maxMessages && isMessage(field.bytes)) writeWire(writer, field.bytes, depth + 1);
  else writer.string(`base64:${field.bytes.toString('base64')}`);
}

function isMessage(bytes: Buffer): boolean {
  if (bytes.length > maxStructured) return false;
  try {
    return [...readWire(bytes)].length > 0;
  } catch (thrown) {
    if (thrown instanceof EngineError) return false;
    throw thrown;
  }
}
