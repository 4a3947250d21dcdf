import { invalid } from '../../engine/kernel/errors';
import { JsonWriter } from '../../engine/values/views/jsonWriter';
import { ByteCursor } from './byteCursor';
import { maxStructured } from './limits';
import { floatText } from './numberText';

/** What ends an item of indefinite length. */
const breakCode = 0xff;

/** CBOR (RFC 8949) as JSON text, without the detour by JavaScript objects that would lose numbers and keys. */
export function readCbor(bytes: Buffer): string {
  if (bytes.length > maxStructured)
    throw invalid(`This is too long to be shown as CBOR: ${bytes.length} bytes`);
  const cursor = new ByteCursor(bytes, 'CBOR');
  const writer = new JsonWriter();
  readItem(cursor, writer);
  cursor.end();
  return writer.text();
}

function readItem(cursor: ByteCursor, writer: JsonWriter): void {
  const head = cursor.byte();
  const type = head >> 5;
  const info = head & 31;
  if (type === 7) {
    readSimple(cursor, writer, info);
    return;
  }
  const isOpenEnded = info === 31 && type >= 2 && type <= 5;
  const size = isOpenEnded ? undefined : readArgument(cursor, info);
  if (type === 0) writer.raw(String(size));
  else if (type === 1) writer.raw(String(-1n - (size ?? 0n)));
  else if (type === 6) readTagged(cursor, writer, size ?? 0n);
  else readSized(cursor, writer, type, size);
}

function readSized(cursor: ByteCursor, writer: JsonWriter, type: number, size: bigint | undefined): void {
  if (type === 2) writeBytes(writer, readChunks(cursor, type, size));
  else if (type === 3) writeText(writer, readChunks(cursor, type, size));
  else if (type === 4) readElements(cursor, writer, '[', size);
  else readElements(cursor, writer, '{', size);
}

function readArgument(cursor: ByteCursor, info: number): bigint {
  if (info < 24) return BigInt(info);
  if (info > 27) throw cursor.fault('holds a length in a form that does not exist');
  return info === 27 ? cursor.uint64() : BigInt(cursor.uint(1 << (info - 24)));
}

/** A length as a number; no more than there are bytes. */
function lengthOf(cursor: ByteCursor, size: bigint): number {
  if (size > BigInt(cursor.left)) cursor.need(cursor.left + 1);
  return Number(size);
}

function readChunks(cursor: ByteCursor, type: number, size: bigint | undefined): Buffer {
  if (size !== undefined) return cursor.take(lengthOf(cursor, size));
  const chunks: Buffer[] = [];
  for (let head = cursor.byte(); head !== breakCode; head = cursor.byte()) {
    if (head >> 5 !== type) throw cursor.fault('holds a part of another type');
    chunks.push(cursor.take(lengthOf(cursor, readArgument(cursor, head & 31))));
  }
  return Buffer.concat(chunks);
}

function readElements(
  cursor: ByteCursor,
  writer: JsonWriter,
  bracket: '[' | '{',
  size: bigint | undefined,
): void {
  const length = size === undefined ? Infinity : lengthOf(cursor, size);
  writer.open(bracket);
  for (let index = 0; index < length; index++) {
    if (length === Infinity && cursor.bytes[cursor.at] === breakCode) {
      cursor.byte();
      break;
    }
    if (bracket === '{') writer.key(readKey(cursor));
    readItem(cursor, writer);
  }
  writer.close();
}

/** A text as it is; any other single value as the JSON of it. */
function readKey(cursor: ByteCursor): string {
  const type = (cursor.bytes[cursor.at] ?? 0) >> 5;
  const isText = type === 3;
  if (type >= 4 && type <= 6)
    throw cursor.fault('has a map, an array or a tag as a key, which cannot be shown');
  const writer = new JsonWriter();
  readItem(cursor, writer);
  const json = writer.text();
  return isText && json.startsWith('"') ? String(JSON.parse(json)) : json;
}

function readTagged(cursor: ByteCursor, writer: JsonWriter, tag: bigint): void {
  writer.open('{');
  writer.key('$tag');
  writer.raw(String(tag));
  writer.key('$value');
  readItem(cursor, writer);
  writer.close();
}

function readSimple(cursor: ByteCursor, writer: JsonWriter, info: number): void {
  const word = ['false', 'true', 'null'][info - 20];
  if (word !== undefined) writer.raw(word);
  else if (info === 23) writer.string('undefined');
  else if (info >= 25 && info <= 27) writeFloat(writer, readFloat(cursor, info));
  else if (info <= 24) writer.string(`simple(${info === 24 ? cursor.byte() : info})`);
  else throw cursor.fault('holds a code that does not exist');
}

function readFloat(cursor: ByteCursor, info: number): number {
  if (info === 27) return cursor.take(8).readDoubleBE();
  return info === 26 ? cursor.take(4).readFloatBE() : halfFloat(cursor.uint(2));
}

/** Ten bits of fraction, five of exponent. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

function writeText(writer: JsonWriter, bytes: Buffer): void {
  const cursor = new ByteCursor(bytes, 'CBOR');
  const text = cursor.text(bytes.length);
  if (text === undefined) writeBytes(writer, bytes, '$invalidText');
  else writer.string(text);
}

function writeBytes(writer: JsonWriter, bytes: Buffer, name = '$bytes'): void {
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
