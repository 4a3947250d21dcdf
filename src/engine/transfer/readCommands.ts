import type { Buffer } from 'node:buffer';
import type { HashPartEntry, StreamStateGroup, ValuePart } from '../connections/valuePart';
import { keyName } from '../kernel/keyName';
import { KeyBag } from '../keys/keyBag';
import { commandsBegin, commandsEnd, longestCommands } from './commandFormat';
import { parseCommandLine } from './commandLine';
import { parseCommand, type CommandEffect, type ParsedCommand } from './commandParser';
import type { FileType } from './fileLines';
import type { FileRecord, OpenedFile } from './readRecords';
import { partBytes } from './splitPart';
import { textLines, type TextLine } from './textLines';

/**
 * Reads a file of Redis commands. Only commands that add data to one key are taken, and those of one key must stand
 * together; every other line is refused by its number.
 */
export function openCommands(chunks: AsyncIterable<Buffer>): OpenedFile {
  return { engine: 'redis', records: recordsOf(chunks) };
}

type Line =
  | ParsedCommand
  | { readonly begin: true }
  | { readonly end: { readonly keys: number; readonly failed: number } }
  | { readonly problem: string };

async function* recordsOf(chunks: AsyncIterable<Buffer>): AsyncIterable<FileRecord> {
  let gathered: GatheredKey | undefined;
  let hasBegun = false;
  const seen = new KeyBag();
  for await (const text of textLines(chunks)) {
    // a number that was cut off would be another number
    if (!text.isEnded) {
      yield { kind: 'truncated' };
      return;
    }
    if (text.text?.trim() === '') continue;
    const line = parseLine(text);
    if ('effect' in line && gathered?.takes(line, text)) continue;
    if (gathered) yield gathered.record();
    gathered = 'effect' in line ? begun(line, text, seen) : undefined;
    if ('begin' in line) hasBegun = true;
    if ('problem' in line) yield { kind: 'bad', line: text.number, problem: line.problem };
    if ('end' in line) {
      yield { kind: 'end', ...line.end };
      return;
    }
  }
  if (hasBegun) yield { kind: 'truncated' };
  else if (gathered) yield gathered.record();
}

function parseLine({ text }: TextLine): Line {
  const args = text === undefined ? undefined : parseCommandLine(text);
  if (!args) return { problem: 'is no command as redis-cli writes it' };
  const [name = '', echoed = ''] = args.map(String);
  if (name.toUpperCase() === 'ECHO' && echoed === commandsBegin) return { begin: true };
  const [, keys, failed] = new RegExp(`^${commandsEnd} (\\d+) (\\d+)$`).exec(echoed) ?? [];
  if (name.toUpperCase() === 'ECHO' && keys !== undefined)
    return { end: { keys: Number(keys), failed: Number(failed) } };
  return parseCommand(args) ?? { problem: 'is refused: only commands that add data to one key are taken' };
}

function begun(first: ParsedCommand, text: TextLine, seen: KeyBag): GatheredKey {
  const gathered = new GatheredKey(first, text);
  const { size } = seen;
  seen.add(keyName(first.key));
  // what stands apart is half a value: it would replace the other half, or be left out as a key that exists
  if (seen.size === size) gathered.refuse('is of a key whose commands stand further above');
  return gathered;
}

/** The commands of one key, held until another key comes. */
class GatheredKey {
  private readonly key: Buffer;
  private readonly line: number;
  private readonly parts: ValuePart[] = [];
  private readonly pending: ValuePart[] = [];
  private readonly groups: StreamStateGroup[] = [];
  private readonly fieldExpiries = new Map<string, number>();
  private type: FileType | undefined;
  private expireAtMs: number | undefined;
  private stream: Omit<Extract<CommandEffect, { what: 'streamId' }>, 'what'> | undefined;
  private size = 0;
  private problem: { readonly line: number; readonly problem: string } | undefined;

  constructor(first: ParsedCommand, text: TextLine) {
    this.key = first.key;
    this.line = text.number;
    this.takes(first, text);
  }

  /** Refuses the key at its first line. */
  refuse(problem: string): void {
    this.problem = { line: this.line, problem };
  }

  /** Adds a command when it is of this key. */
  takes({ key, effect }: ParsedCommand, { number, text = '' }: TextLine): boolean {
    if (!key.equals(this.key)) return false;
    this.size += text.length;
    if (this.size > longestCommands + text.length)
      this.problem ??= { line: number, problem: 'makes the key too large' };
    if (!this.problem) this.add(effect, number);
    return true;
  }

  record(): FileRecord {
    const { key, line, type, expireAtMs, problem } = this;
    if (problem) return { kind: 'bad', ...problem };
    if (!type) return { kind: 'bad', line, problem: 'is of a key that no line gives a value' };
    const parts = this.whole(type);
    const isShort = this.size < partBytes;
    const own = { kind: 'key', line, key, type, isShort, parts: iterated(parts) } as const;
    return { ...own, ...(expireAtMs !== undefined && { expireAtMs }) };
  }

  private add(effect: CommandEffect, line: number): void {
    switch (effect.what) {
      case 'part':
        this.setType(effect.type, line);
        if (effect.isWhole && this.parts.length > 0)
          this.problem ??= { line, problem: 'gives the key a whole value again' };
        (effect.part.kind === 'pending' ? this.pending : this.parts).push(effect.part);
        break;
      case 'expiry':
        this.expireAtMs = effect.expireAtMs;
        break;
      case 'fieldExpiry':
        for (const field of effect.fields)
          this.fieldExpiries.set(field.toString('latin1'), effect.expireAtMs);
        break;
      case 'streamId':
        this.setType('stream', line);
        this.stream = effect;
        break;
      case 'group':
        this.setType('stream', line);
        this.groups.push(effect.group);
        break;
      case 'noGroup':
        this.dropGroup(effect.name);
        break;
      case 'consumer':
        this.addConsumer(effect.group, effect.consumer);
    }
  }

  private setType(type: FileType, line: number): void {
    if (this.type !== undefined && this.type !== type)
      this.problem = { line, problem: `makes a ${type} of a key that is a ${this.type}` };
    this.type = type;
  }

  private dropGroup(name: Buffer): void {
    const at = this.groups.findIndex((group) => group.name.equals(name));
    if (at >= 0) this.groups.splice(at, 1);
  }

  private addConsumer(group: Buffer, consumer: Buffer): void {
    const at = this.groups.findIndex(({ name }) => name.equals(group));
    const known = this.groups[at];
    if (known) this.groups[at] = { ...known, consumers: [...known.consumers, consumer] };
  }

  private whole(type: FileType): ValuePart[] {
    if (type === 'hash') return this.parts.map((part) => this.withExpiries(part));
    if (type !== 'stream') return this.parts;
    const last = this.parts.at(-1);
    const lastId = last?.kind === 'stream' ? (last.entries.at(-1)?.id ?? '0-0') : '0-0';
    const { what: _what, ...ids } = { what: '', lastId, ...this.stream };
    return [...this.parts, { kind: 'streamState', state: { ...ids, groups: this.groups } }, ...this.pending];
  }

  private withExpiries(part: ValuePart): ValuePart {
    if (part.kind !== 'hash' || this.fieldExpiries.size === 0) return part;
    const entries = part.entries.map((entry): HashPartEntry => {
      const expireAtMs = this.fieldExpiries.get(entry.field.toString('latin1'));
      return expireAtMs === undefined ? entry : { ...entry, expireAtMs };
    });
    return { kind: 'hash', entries };
  }
}

async function* iterated(parts: readonly ValuePart[]): AsyncIterable<ValuePart> {
  yield* parts;
}
