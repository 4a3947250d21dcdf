import type { Face } from '../../engine/values/views/codec';
import { ByteCursor } from './byteCursor';

const magic = Buffer.from('aced0005', 'hex');
/** Deepest chain of superclasses that is followed. */
const maxClasses = 64;

/** Java's serialisation, described by the class it begins with. Nothing is made of it. */
export const javaFace: Face = {
  name: 'java',
  title: 'Java object',
  readOnlyReason: 'A serialised Java object is described here; it cannot be edited',
  fit: (bytes) => (bytes.subarray(0, 4).equals(magic) && bytes.length > 4 ? 'sure' : 'no'),
  show(bytes) {
    const cursor = new ByteCursor(bytes, 'Java serialisation');
    if (!cursor.take(4).equals(magic)) throw cursor.fault('starts in another way');
    const lines = [`Java serialisation, stream version 5, ${bytes.length} bytes`, '', ...describe(cursor)];
    return { text: lines.join('\n'), language: 'plaintext', notes: ['The object was described, not built'] };
  },
};

/** Codes of java.io.ObjectStreamConstants. */
const tcNull = 0x70;
const tcClassDesc = 0x72;
const tcObject = 0x73;
const tcString = 0x74;
const tcArray = 0x75;
const tcBlockData = 0x77;
const tcLongString = 0x7c;
const tcEnum = 0x7e;

function describe(cursor: ByteCursor): string[] {
  const code = cursor.byte();
  if (code === tcNull) return ['null'];
  if (code === tcString) return ['Text:', textOf(cursor, cursor.uint(2))];
  if (code === tcLongString) return ['Text:', textOf(cursor, lengthOf(cursor))];
  if (code === tcObject) return ['Object of', ...classes(cursor)];
  if (code === tcArray) return ['Array of', ...classes(cursor), `Elements: ${cursor.int(4)}`];
  if (code === tcEnum) return ['Constant of', ...classes(cursor)];
  if (code === tcBlockData) return [`${cursor.byte()} bytes of plain data come first`];
  throw cursor.fault('starts with something that cannot be described');
}

/** The class and its superclasses, each with its version and fields. */
function classes(cursor: ByteCursor): string[] {
  const lines: string[] = [];
  for (let depth = 0; depth < maxClasses; depth++) {
    if (cursor.byte() !== tcClassDesc) return lines;
    const name = textOf(cursor, cursor.uint(2));
    lines.push(`${depth === 0 ? 'class' : 'extends'} ${name} (serialVersionUID ${cursor.int64()})`);
    cursor.byte();
    const count = cursor.uint(2);
    for (let index = 0; index < count; index++) lines.push(`  ${field(cursor)}`);
    // annotations would have to be read as objects: the chain ends where there are any
    if (cursor.byte() !== 0x78) return lines;
  }
  return lines;
}

const primitives = new Map([
  ['B', 'byte'],
  ['C', 'char'],
  ['D', 'double'],
  ['F', 'float'],
  ['I', 'int'],
  ['J', 'long'],
  ['S', 'short'],
  ['Z', 'boolean'],
]);

function field(cursor: ByteCursor): string {
  const code = String.fromCharCode(cursor.byte());
  const name = textOf(cursor, cursor.uint(2));
  const primitive = primitives.get(code);
  if (primitive !== undefined) return `${name}: ${primitive}`;
  if (code !== 'L' && code !== '[') throw cursor.fault('has a field of an unknown type');
  return `${name}: ${typeName(cursor)}`;
}

function typeName(cursor: ByteCursor): string {
  // a type named before is a handle of four bytes
  if (cursor.byte() !== tcString) {
    cursor.take(4);
    return 'a type named before';
  }
  return textOf(cursor, cursor.uint(2))
    .replace(/^L(.*);$/, '$1')
    .replaceAll('/', '.');
}

function lengthOf(cursor: ByteCursor): number {
  const length = cursor.uint64();
  if (length > BigInt(cursor.left)) cursor.need(cursor.left + 1);
  return Number(length);
}

/** Java's own UTF-8 differs in zero bytes and characters outside the basic plane only. */
function textOf(cursor: ByteCursor, length: number): string {
  return cursor.take(length).toString('utf8');
}
