import { EngineError, invalid } from '../../engine/kernel/errors';
import type { Face } from '../../engine/values/views/codec';
import { JsonWriter } from '../../engine/values/views/jsonWriter';
import { ByteCursor } from './byteCursor';
import { maxStructured } from './limits';

/** What PHP's serialize() gives, as JSON. Nothing is made of it but text: no class is looked up. */
export const phpFace: Face = {
  name: 'php',
  title: 'PHP',
  readOnlyReason:
    'Serialised PHP can be read here, but not edited as JSON: choose Text or Escaped to edit it as it is',
  fit(bytes) {
    if (!/^(?:[aOCE]:\d+:|s:\d+:"|[idb]:[\d.IN-]|N;)/.test(bytes.subarray(0, 16).toString('latin1')))
      return 'no';
    try {
      readPhp(bytes);
      return 'sure';
    } catch (thrown) {
      if (thrown instanceof EngineError) return 'no';
      throw thrown;
    }
  },
  show: (bytes) => ({ text: readPhp(bytes), language: 'json' }),
};

function readPhp(bytes: Buffer): string {
  if (bytes.length > maxStructured)
    throw invalid(`This is too long to be shown as PHP: ${bytes.length} bytes`);
  const cursor = new ByteCursor(bytes, 'serialised PHP');
  const writer = new JsonWriter();
  readValue(cursor, writer);
  cursor.end();
  return writer.text();
}

function readValue(cursor: ByteCursor, writer: JsonWriter): void {
  const type = String.fromCharCode(cursor.byte());
  if (type === 'N') {
    expect(cursor, ';');
    writer.raw('null');
    return;
  }
  expect(cursor, ':');
  const read = readers.get(type);
  if (!read) throw cursor.fault('holds a type that does not exist');
  read(cursor, writer);
}

type Reader = (cursor: ByteCursor, writer: JsonWriter) => void;

const readers = new Map<string, Reader>([
  ['b', (cursor, writer) => writer.raw(until(cursor, ';', /^[01]$/) === '1' ? 'true' : 'false')],
  ['i', (cursor, writer) => writer.raw(until(cursor, ';', /^-?(?:0|[1-9]\d*)$/))],
  ['d', readDouble],
  ['s', (cursor, writer) => writer.string(readString(cursor, ';'))],
  ['E', (cursor, writer) => writer.string(readString(cursor, ';'))],
  ['a', (cursor, writer) => readEntries(cursor, writer, count(cursor), undefined)],
  ['O', readObject],
  ['C', readCustom],
  ['r', readReference],
  ['R', readReference],
]);

function readDouble(cursor: ByteCursor, writer: JsonWriter): void {
  const text = until(cursor, ';', /^(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|-?INF|NAN)$/);
  if (/^-?(?:0|[1-9]\d*)(?:\.|[eE]|$)/.test(text)) writer.raw(text);
  else writer.string(text);
}

/** An object is an array with the name of its class. */
function readObject(cursor: ByteCursor, writer: JsonWriter): void {
  const name = readString(cursor, ':');
  readEntries(cursor, writer, count(cursor), name);
}

function readCustom(cursor: ByteCursor, writer: JsonWriter): void {
  const name = readString(cursor, ':');
  const length = count(cursor);
  expect(cursor, '{');
  const data = textOf(cursor.take(length));
  expect(cursor, '}');
  writer.open('{');
  writer.key('$class');
  writer.string(name);
  writer.key('$data');
  writer.string(data);
  writer.close();
}

function readReference(cursor: ByteCursor, writer: JsonWriter): void {
  writer.open('{');
  writer.key('$reference');
  writer.raw(until(cursor, ';', /^[1-9]\d*$/));
  writer.close();
}

function readEntries(
  cursor: ByteCursor,
  writer: JsonWriter,
  length: number,
  className: string | undefined,
): void {
  // a pair takes four bytes at least
  cursor.need(length * 4);
  expect(cursor, '{');
  writer.open('{');
  if (className !== undefined) {
    writer.key('$class');
    writer.string(className);
  }
  for (let index = 0; index < length; index++) {
    writer.key(readKey(cursor));
    readValue(cursor, writer);
  }
  expect(cursor, '}');
  writer.close();
}

function readKey(cursor: ByteCursor): string {
  const type = String.fromCharCode(cursor.byte());
  expect(cursor, ':');
  if (type === 'i') return until(cursor, ';', /^-?\d+$/);
  if (type === 's') return propertyName(readString(cursor, ';'));
  throw cursor.fault('has a key that is neither a number nor a text');
}

/** Private and protected properties hide their class between two zero bytes. */
function propertyName(name: string): string {
  const [, scope, property] = /^\0([^\0]+)\0([^]+)$/.exec(name) ?? [];
  if (scope === undefined || property === undefined) return name;
  return scope === '*' ? `${property} (protected)` : `${property} (private to ${scope})`;
}

function readString(cursor: ByteCursor, end: string): string {
  const length = count(cursor);
  expect(cursor, '"');
  const text = textOf(cursor.take(length));
  expect(cursor, '"');
  expect(cursor, end);
  return text;
}

/** Bytes that are no UTF-8 show as Latin-1: every one can be told from the others. */
function textOf(bytes: Buffer): string {
  const text = new ByteCursor(bytes, 'PHP').text(bytes.length);
  return text ?? bytes.toString('latin1');
}

function count(cursor: ByteCursor): number {
  return Number(until(cursor, ':', /^\d{1,10}$/));
}

/** Longest number that is looked for. */
const numberLength = 400;

function until(cursor: ByteCursor, end: string, pattern: RegExp): string {
  const found = cursor.bytes.subarray(cursor.at, cursor.at + numberLength).indexOf(end);
  if (found < 0) throw cursor.fault('ends too early');
  const text = cursor.take(found).toString('latin1');
  cursor.byte();
  if (!pattern.test(text)) throw cursor.fault('holds something else where a number should be');
  return text;
}

function expect(cursor: ByteCursor, character: string): void {
  if (cursor.byte() !== character.charCodeAt(0)) throw cursor.fault(`lacks a "${character}"`);
}
