import type { Face } from '../../engine/values/views/codec';
import { EngineError } from '../../engine/kernel/errors';
import { ByteCursor } from './byteCursor';

/** Most names that are listed. */
const maxNames = 100;

/** Python's pickle, described by what it would import. It is read as a list of instructions, and none is followed. */
export const pickleFace: Face = {
  name: 'pickle',
  title: 'Python pickle',
  readOnlyReason: 'A Python pickle is described here; it cannot be edited',
  fit(bytes) {
    const isMarked = bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5;
    if (!isMarked || bytes.at(-1) !== stop) return 'no';
    try {
      walk(bytes);
      return 'sure';
    } catch (thrown) {
      if (thrown instanceof EngineError) return 'no';
      throw thrown;
    }
  },
  show(bytes) {
    const { names, instructions, texts } = walk(bytes);
    const lines = [
      `Python pickle, protocol ${bytes[1] ?? 0}, ${bytes.length} bytes, ${instructions} instructions`,
      '',
      names.length > 0 ? 'It would import:' : 'It imports nothing.',
      ...names.map((name) => `  ${name}`),
      ...(texts.length > 0 ? ['', 'Texts in it:', ...texts.map((text) => `  ${JSON.stringify(text)}`)] : []),
    ];
    return {
      text: lines.join('\n'),
      language: 'plaintext',
      notes: ['The pickle was described, not executed'],
    };
  },
};

const stop = 0x2e;

interface Found {
  readonly names: readonly string[];
  readonly texts: readonly string[];
  readonly instructions: number;
}

function walk(bytes: Buffer): Found {
  const cursor = new ByteCursor(bytes, 'a Python pickle');
  if (cursor.byte() !== 0x80) throw cursor.fault('starts in another way');
  cursor.byte();
  const names = new PickleNames();
  let instructions = 1;
  for (let code = cursor.byte(); code !== stop; code = cursor.byte(), instructions++) {
    const start = cursor.at;
    const text = argumentOf(cursor, code);
    names.follow(code, text, cursor.bytes.subarray(start, cursor.at));
  }
  cursor.end();
  return { names: [...names.imported], texts: names.texts, instructions };
}

/** Follows texts, and what is remembered of them, to the instructions that import by the last two. */
class PickleNames {
  readonly imported = new Set<string>();
  readonly texts: string[] = [];
  private readonly memo = new Map<number, string>();
  private recent: string[] = [];

  follow(code: number, text: string | undefined, argument: Buffer): void {
    if (code === global) this.note(text?.split('\n') ?? []);
    else if (code === stackGlobal) this.note(this.recent);
    else if (code === memoize) this.memo.set(this.memo.size, this.recent.at(-1) ?? '?');
    else if (code === binPut || code === longBinPut)
      this.memo.set(argument.readUIntLE(0, argument.length), this.recent.at(-1) ?? '?');
    else if (code === binGet || code === longBinGet)
      this.push(this.memo.get(argument.readUIntLE(0, argument.length)) ?? '?');
    else if (text !== undefined) {
      this.push(text);
      if (this.texts.length < maxNames) this.texts.push(text);
    }
  }

  private push(text: string): void {
    this.recent = [...this.recent.slice(-1), text];
  }

  private note(parts: readonly string[]): void {
    if (parts.length === 2 && this.imported.size < maxNames) this.imported.add(parts.join('.'));
    this.recent = [];
  }
}

const memoize = 0x94;
const binPut = 0x71;
const longBinPut = 0x72;
const binGet = 0x68;
const longBinGet = 0x6a;
const global = 0x63;
const stackGlobal = 0x93;

/** Bytes of a fixed argument, by instruction; the rest of those that are known have none. */
const fixed = new Map([
  [0x4b, 1],
  [0x4d, 2],
  [0x4a, 4],
  [0x47, 8], // BININT1, BININT2, BININT, BINFLOAT
  [0x68, 1],
  [0x6a, 4],
  [0x71, 1],
  [0x72, 4], // BINGET, LONG_BINGET, BINPUT, LONG_BINPUT
  [0x80, 1],
  [0x82, 1],
  [0x83, 2],
  [0x84, 4],
  [0x95, 8], // PROTO, EXT1, EXT2, EXT4, FRAME
]);

/** Size of the length before an argument, and whether the argument is text. */
const counted = new Map([
  [0x8c, { size: 1, isText: true }], // SHORT_BINUNICODE
  [0x58, { size: 4, isText: true }], // BINUNICODE
  [0x8d, { size: 8, isText: true }], // BINUNICODE8
  [0x55, { size: 1, isText: true }], // SHORT_BINSTRING
  [0x54, { size: 4, isText: true }], // BINSTRING
  [0x43, { size: 1, isText: false }], // SHORT_BINBYTES
  [0x42, { size: 4, isText: false }], // BINBYTES
  [0x8e, { size: 8, isText: false }], // BINBYTES8
  [0x96, { size: 8, isText: false }], // BYTEARRAY8
  [0x8a, { size: 1, isText: false }], // LONG1
  [0x8b, { size: 4, isText: false }], // LONG4
]);

/** Instructions whose argument is a line: FLOAT, INT, LONG, PERSID, STRING, UNICODE, GET, PUT. */
const lines = new Set('FILPSVgp');
const plain = new Set('(.012NQRabdel]}tusoi)~\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98');

function argumentOf(cursor: ByteCursor, code: number): string | undefined {
  const form = counted.get(code);
  if (form) {
    const argument = cursor.take(countOf(cursor, form.size));
    return form.isText ? argument.toString('utf8').slice(0, 200) : undefined;
  }
  const size = fixed.get(code);
  const character = String.fromCharCode(code);
  if (size !== undefined) cursor.take(size);
  else if (code === global || character === 'i') return `${line(cursor)}\n${line(cursor)}`;
  else if (lines.has(character)) line(cursor);
  else if (!plain.has(character)) throw cursor.fault('holds an instruction that does not exist');
  return undefined;
}

function countOf(cursor: ByteCursor, size: number): number {
  if (size < 8) return cursor.uintLE(size);
  const count = cursor.take(8).readBigUInt64LE();
  if (count > BigInt(cursor.left)) cursor.need(cursor.left + 1);
  return Number(count);
}

function line(cursor: ByteCursor): string {
  const end = cursor.bytes.indexOf('\n', cursor.at);
  if (end < 0) throw cursor.fault('ends too early');
  const text = cursor.take(end - cursor.at).toString('latin1');
  cursor.byte();
  return text.slice(0, 200);
}
