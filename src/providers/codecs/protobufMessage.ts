import type { Enum, Field, MapField, Type } from 'protobufjs';
import { invalid } from '../../engine/kernel/errors';
import type { JsonWriter } from '../../engine/values/views/jsonWriter';
import { ByteCursor } from './byteCursor';
import { floatText } from './numberText';
import { readVarint, readWire, type WireField } from './protobufWire';

type SchemaField = Field | MapField;

/** Writes a message by its schema, fields in the order they come first; what the schema does not know is kept apart. */
export function writeMessage(writer: JsonWriter, type: Type, bytes: Buffer): void {
  const known = new Map<SchemaField, WireField[]>();
  const unknown: WireField[] = [];
  for (const wire of readWire(bytes)) {
    const field = fieldOf(type, wire.number);
    if (field) collect(known, field, wire);
    else unknown.push(wire);
  }
  writer.open('{');
  for (const [field, values] of known) {
    writer.key(field.name);
    writeField(writer, field, values);
  }
  if (unknown.length > 0) writeUnknown(writer, unknown);
  writer.close();
}

function collect(known: Map<SchemaField, WireField[]>, field: SchemaField, wire: WireField): void {
  const values = known.get(field);
  if (values) values.push(wire);
  else known.set(field, [wire]);
}

function fieldOf(type: Type, number: number): SchemaField | undefined {
  return Object.hasOwn(type.fieldsById, number) ? type.fieldsById[number] : undefined;
}

function isMap(field: SchemaField): field is MapField {
  return 'keyType' in field;
}

function writeUnknown(writer: JsonWriter, fields: readonly WireField[]): void {
  writer.key('$unknown');
  writer.open('[');
  for (const { number } of fields) writer.raw(String(number));
  writer.close();
}

function writeField(writer: JsonWriter, field: SchemaField, values: readonly WireField[]): void {
  if (isMap(field)) {
    writeMap(writer, field, values);
    return;
  }
  const last = values.at(-1);
  if (!field.repeated && last) {
    writeValue(writer, field, last);
    return;
  }
  writer.open('[');
  for (const value of values) writeRepeated(writer, field, value);
  writer.close();
}

/** Numbers may come packed: many in one field of bytes. */
function writeRepeated(writer: JsonWriter, field: SchemaField, value: WireField): void {
  const wire = wireOf(field);
  if (value.wire !== 'bytes' || wire === 'bytes') {
    writeValue(writer, field, value);
    return;
  }
  const cursor = new ByteCursor(value.bytes, 'Protocol Buffers');
  const { number } = value;
  while (cursor.left > 0) {
    if (wire === 'varint') writeValue(writer, field, { number, wire, value: readVarint(cursor) });
    else writeValue(writer, field, { number, wire, bytes: cursor.take(wire === 'fixed64' ? 8 : 4) });
  }
}

/** Entries of a map are messages of a key and a value. */
function writeMap(writer: JsonWriter, field: MapField, values: readonly WireField[]): void {
  writer.open('{');
  for (const entry of values) {
    if (entry.wire !== 'bytes') throw mismatch(field);
    const parts = [...readWire(entry.bytes)];
    const key = parts.findLast(({ number }) => number === 1);
    const value = parts.findLast(({ number }) => number === 2);
    writer.key(key ? (scalarText(field.keyType, key) ?? '?') : '');
    if (value) writeValue(writer, field, value);
    else writer.raw('null');
  }
  writer.close();
}

function writeValue(writer: JsonWriter, field: SchemaField, value: WireField): void {
  const { resolvedType } = field;
  if (resolvedType && 'fieldsById' in resolvedType) {
    if (value.wire !== 'bytes') throw mismatch(field);
    writeMessage(writer, resolvedType, value.bytes);
  } else if (resolvedType) writeEnum(writer, field, resolvedType, value);
  else writeScalar(writer, field, value);
}

function writeEnum(writer: JsonWriter, field: SchemaField, { valuesById }: Enum, value: WireField): void {
  if (value.wire !== 'varint') throw mismatch(field);
  const number = Number(BigInt.asIntN(32, value.value));
  const name = Object.hasOwn(valuesById, number) ? valuesById[number] : undefined;
  if (name === undefined) writer.raw(String(number));
  else writer.string(name);
}

function writeScalar(writer: JsonWriter, field: SchemaField, value: WireField): void {
  if (value.wire !== wireOf(field)) throw mismatch(field);
  const text = scalarText(field.type, value) ?? '';
  const isText = field.type === 'string' || field.type === 'bytes' || /[^-+.\deE]/.test(text);
  if (isText && field.type !== 'bool') writer.string(text);
  else writer.raw(text);
}

type Wire = WireField['wire'];

const wires = new Map<string, Wire>([
  ['string', 'bytes'],
  ['bytes', 'bytes'],
  ['double', 'fixed64'],
  ['fixed64', 'fixed64'],
  ['sfixed64', 'fixed64'],
  ['float', 'fixed32'],
  ['fixed32', 'fixed32'],
  ['sfixed32', 'fixed32'],
]);

function wireOf({ resolvedType, type }: SchemaField): Wire {
  if (resolvedType) return 'fieldsById' in resolvedType ? 'bytes' : 'varint';
  return wires.get(type) ?? 'varint';
}

function scalarText(type: string, value: WireField): string | undefined {
  if (value.wire === 'varint') return varintText(type, value.value);
  const { bytes } = value;
  switch (type) {
    case 'string':
      return bytes.toString('utf8');
    case 'bytes':
      return bytes.toString('base64');
    case 'double':
      return floatOf(bytes.readDoubleLE());
    case 'float':
      return floatOf(bytes.readFloatLE());
    case 'fixed64':
      return String(bytes.readBigUInt64LE());
    case 'sfixed64':
      return String(bytes.readBigInt64LE());
    case 'fixed32':
      return String(bytes.readUInt32LE());
    case 'sfixed32':
      return String(bytes.readInt32LE());
    default:
      return undefined;
  }
}

function floatOf(value: number): string {
  return floatText(value) ?? String(value);
}

function varintText(type: string, value: bigint): string {
  if (type === 'bool') return String(value !== 0n);
  if (type === 'uint32' || type === 'uint64') return String(value);
  if (type === 'sint32' || type === 'sint64') return String((value >> 1n) ^ -(value & 1n));
  return String(BigInt.asIntN(64, value));
}

function mismatch(field: SchemaField): Error {
  return invalid(`These bytes do not fit the schema at the field ${field.name}`);
}
