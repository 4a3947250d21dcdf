import { JsonWriter } from '../../engine/values/views/jsonWriter';
import { invalid } from '../../engine/kernel/errors';
import { ByteCursor } from './byteCursor';
import { maxStructured } from './limits';
import { floatText } from './numberText';

/**
 * MessagePack as JSON text. Our own reader: through JavaScript objects, libraries lose 64-bit integers or
 * duplicate keys, and set aside as many elements as a header claims.
 */
export function readMsgpack(bytes: Buffer): string {
  if (bytes.length > maxStructured)
    throw invalid(`This is too long to be shown as MessagePack: ${bytes.length} bytes`);
  const cursor = new ByteCursor(bytes, 'MessagePack');
  const writer = new JsonWriter();
  readValue(cursor, writer);
  cursor.end();
  return writer.text();
}

function readValue(cursor: ByteCursor, writer: JsonWriter): void {
  const code = cursor.byte();
  if (code < 0x80) writer.raw(String(code));
  else if (code < 0x90) readMap(cursor, writer, code & 15);
  else if (code < 0xa0) readArray(cursor, writer, code & 15);
  else if (code < 0xc0) writeString(writer, cursor, code & 31);
  else if (code >= 0xe0) writer.raw(String(code - 0x100));
  else readCoded(cursor, writer, code);
}

/** The codes from 0xc0 to 0xdf, in the specification's groups. */
function readCoded(cursor: ByteCursor, writer: JsonWriter, code: number): void {
  if (code <= 0xc3) writer.raw(wordOf(cursor, code));
  else if (code <= 0xc6) writeBytes(writer, '$bytes', cursor.take(cursor.uint(1 << (code - 0xc4))));
  else if (code <= 0xc9) readExtension(cursor, writer, cursor.uint(1 << (code - 0xc7)));
  else if (code <= 0xcb) writeFloat(writer, readFloat(cursor, code));
  else if (code <= 0xd3) writer.raw(readInteger(cursor, code));
  else if (code <= 0xd8) readExtension(cursor, writer, 1 << (code - 0xd4));
  else if (code <= 0xdb) writeString(writer, cursor, cursor.uint(1 << (code - 0xd9)));
  else if (code <= 0xdd) readArray(cursor, writer, cursor.uint(2 << (code - 0xdc)));
  else readMap(cursor, writer, cursor.uint(2 << (code - 0xde)));
}

function wordOf(cursor: ByteCursor, code: number): string {
  if (code === 0xc1) throw cursor.fault('holds the code that is never used');
  return code === 0xc0 ? 'null' : String(code === 0xc3);
}

function readFloat(cursor: ByteCursor, code: number): number {
  return code === 0xca ? cursor.take(4).readFloatBE() : cursor.take(8).readDoubleBE();
}

function readInteger(cursor: ByteCursor, code: number): string {
  if (code === 0xcf) return String(cursor.uint64());
  if (code === 0xd3) return String(cursor.int64());
  return String(code < 0xd0 ? cursor.uint(1 << (code - 0xcc)) : cursor.int(1 << (code - 0xd0)));
}

function readArray(cursor: ByteCursor, writer: JsonWriter, length: number): void {
  cursor.need(length);
  writer.open('[');
  for (let index = 0; index < length; index++) readValue(cursor, writer);
  writer.close();
}

function readMap(cursor: ByteCursor, writer: JsonWriter, length: number): void {
  cursor.need(length * 2);
  writer.open('{');
  for (let index = 0; index < length; index++) {
    writer.key(readKey(cursor));
    readValue(cursor, writer);
  }
  writer.close();
}

/** A text as it is; any other single value as the JSON of it. */
function readKey(cursor: ByteCursor): string {
  const code = cursor.bytes[cursor.at] ?? 0;
  if ((code >= 0x80 && code < 0xa0) || (code >= 0xdc && code <= 0xdf))
    throw cursor.fault('has a map or an array as a key, which cannot be shown');
  const writer = new JsonWriter();
  readValue(cursor, writer);
  const json = writer.text();
  const isString = (code >= 0xa0 && code < 0xc0) || (code >= 0xd9 && code <= 0xdb);
  return isString && json.startsWith('"') ? String(JSON.parse(json)) : json;
}

function readExtension(cursor: ByteCursor, writer: JsonWriter, length: number): void {
  const type = cursor.int(1);
  const data = cursor.take(length);
  writer.open('{');
  writer.key('$extension');
  writer.raw(String(type));
  writer.key('$bytes');
  writer.string(data.toString('base64'));
  writer.close();
}

function writeString(writer: JsonWriter, cursor: ByteCursor, length: number): void {
  const start = cursor.at;
  const text = cursor.text(length);
  if (text === undefined) writeBytes(writer, '$invalidText', cursor.bytes.subarray(start, cursor.at));
  else writer.string(text);
}

function writeBytes(writer: JsonWriter, name: string, bytes: Buffer): void {
  writer.open('{');
  writer.key(name);
  writer.string(bytes.toString('base64'));
  writer.close();
}

function writeFloat(writer: JsonWriter, value: number): void {
  const text = floatText(value);
  if (text === undefined) writer.string(String(value));
  else writer.raw(text);
}
