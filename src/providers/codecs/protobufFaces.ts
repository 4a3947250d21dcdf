import type { NamespaceBase, ReflectionObject, Root, Type } from 'protobufjs';
import { invalid } from '../../engine/kernel/errors';
import type { Face } from '../../engine/values/views/codec';
import { JsonWriter } from '../../engine/values/views/jsonWriter';
import { maxStructured } from './limits';
import { writeMessage } from './protobufMessage';
import { schemaFace } from './schemaViews';

/** A schema the person named. */
export interface Schema {
  readonly name: string;
  readonly text: string;
}

/** One face a message of the schemas. Rejects with VALIDATION_ERROR when a schema cannot be read. */
export async function protobufFaces(schemas: readonly Schema[]): Promise<readonly Face[]> {
  if (schemas.length === 0) return [];
  const { Root: SchemaRoot, parse, common } = await import('protobufjs');
  const root = new SchemaRoot();
  for (const name of ['any', 'duration', 'empty', 'field_mask', 'struct', 'timestamp', 'wrappers']) {
    const known = common.get(`google/protobuf/${name}.proto`);
    if (known?.nested) root.addJSON(known.nested);
  }
  for (const { name, text } of schemas) {
    readable(name, () => parse(text, root, { keepCase: true }));
  }
  readable('the schemas', () => root.resolveAll());
  return messagesOf(root).map(faceOf);
}

/** The library throws errors of many kinds, and overflows the stack on deep nesting. */
function readable(name: string, read: () => unknown): void {
  try {
    read();
  } catch (thrown) {
    const line = thrown instanceof Error ? /\(line \d+\)/.exec(thrown.message)?.[0] : undefined;
    throw invalid(
      `The Protocol Buffers schema ${name} cannot be read${line === undefined ? '' : ` ${line}`}`,
    );
  }
}

function messagesOf(root: Root): readonly Type[] {
  const found: Type[] = [];
  const waiting: ReflectionObject[] = [root];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (isType(next) && !next.fullName.startsWith('.google.protobuf.')) found.push(next);
    if (isNamespace(next)) waiting.push(...next.nestedArray);
  }
  return found.sort((a, b) => (a.fullName < b.fullName ? -1 : 1));
}

function isNamespace(object: ReflectionObject): object is NamespaceBase {
  return 'nestedArray' in object;
}

function isType(object: ReflectionObject): object is Type {
  return 'fieldsById' in object;
}

/** The library only parses schemas: what it generates to decode is code made of names that stand in a file. */
function faceOf(type: Type): Face {
  const name = type.fullName.slice(1);
  return {
    name: `${schemaFace}${name}`,
    title: `Protocol Buffers ${name}`,
    readOnlyReason: 'Protocol Buffers can be read here, but not edited',
    fit: (bytes) => (bytes.length > 0 ? 'choice' : 'no'),
    show(bytes) {
      if (bytes.length > maxStructured) throw invalid(`This is too long to be shown: ${bytes.length} bytes`);
      const writer = new JsonWriter();
      writeMessage(writer, type, bytes);
      return { text: writer.text(), language: 'json' };
    },
  };
}
