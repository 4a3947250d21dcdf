import type { Buffer } from 'node:buffer';
import type { HashPartEntry, StreamStateGroup, ValuePart } from '../connections/valuePart';
import type { Moment } from '../kernel/moment';
import { longestCommands } from './commandFormat';
import type { CommandEffect, ParsedCommand } from './commandParser';
import type { FileType } from './fileLines';
import type { FileRecord } from './readRecords';
import { partBytes } from './splitPart';

/** Why a key is not written, and the line that it is about. */
export interface Refusal {
  readonly line: number;
  readonly problem: string;
}

/**
 * The commands of one key, held until another key comes. What a server would undo, ignore or refuse in the order that
 * they stand in is a problem of the whole key: the rest of it would be another value.
 */
export class GatheredKey {
  readonly key: Buffer;
  private readonly line: number;
  private readonly parts: ValuePart[] = [];
  private readonly pending: ValuePart[] = [];
  private readonly groups: StreamStateGroup[] = [];
  private readonly fields = new Set<string>();
  private readonly fieldExpiries = new Map<string, Moment>();
  private type: FileType | undefined;
  private expireAtMs: Moment | undefined;
  private stream: Omit<Extract<CommandEffect, { what: 'streamId' }>, 'what'> | undefined;
  private size = 0;
  private refusal: Refusal | undefined;

  constructor(first: ParsedCommand, line: number, length: number, refusal?: Refusal) {
    this.key = first.key;
    this.line = line;
    this.refusal = refusal;
    this.takes(first, line, length);
  }

  /** Adds a command when it is of this key; `length` is that of its line. */
  takes({ key, effect }: ParsedCommand, line: number, length: number): boolean {
    if (!key.equals(this.key)) return false;
    this.size += length;
    if (this.size > longestCommands + length) this.refuse(line, 'makes the key too large');
    if (!this.refusal) this.add(effect, line);
    return true;
  }

  /** Puts a seal to the serialised value that the key has. */
  seal(seal: string): void {
    const last = this.parts.at(-1);
    if (last?.kind === 'dump') this.parts[this.parts.length - 1] = { ...last, seal };
  }

  record(): FileRecord {
    const { key, line, type, expireAtMs, refusal } = this;
    if (refusal) return { kind: 'bad', key, ...refusal };
    if (!type) return { kind: 'bad', key, line, problem: 'is of a key that no line gives a value' };
    const parts = this.whole(type);
    const isShort = this.size < partBytes;
    const own = { kind: 'key', line, key, type, isShort, parts: iterated(parts) } as const;
    return { ...own, ...(expireAtMs !== undefined && { expireAtMs }) };
  }

  private refuse(line: number, problem: string): void {
    this.refusal ??= { line, problem };
  }

  private add(effect: CommandEffect, line: number): void {
    switch (effect.what) {
      case 'part':
        this.addPart(effect, line);
        break;
      case 'expiry':
        if (!this.type) this.refuse(line, 'gives a time to live to a key that has no value yet');
        this.expireAtMs = effect.expireAtMs;
        break;
      case 'fieldExpiry':
        for (const field of effect.fields)
          this.expireField(field.toString('latin1'), effect.expireAtMs, line);
        break;
      case 'streamId':
        this.setType('stream', line);
        this.stream = effect;
        break;
      case 'group':
        this.setType('stream', line);
        if (this.groupAt(effect.group.name) >= 0) this.refuse(line, 'makes a group that was made above');
        this.groups.push(effect.group);
        break;
      case 'noGroup':
        this.dropGroup(effect.name, line);
        break;
      case 'consumer':
        this.addConsumer(effect.group, effect.consumer, line);
    }
  }

  private addPart({ type, part, isWhole }: Extract<CommandEffect, { what: 'part' }>, line: number): void {
    this.setType(type, line);
    if (isWhole && this.parts.length > 0) this.refuse(line, 'gives the key a whole value again');
    if (part.kind === 'pending' && this.groupAt(part.group) < 0)
      this.refuse(line, 'is about a group that no line above makes');
    if (part.kind === 'hash')
      for (const { field } of part.entries) this.addField(field.toString('latin1'), line);
    (part.kind === 'pending' ? this.pending : this.parts).push(part);
  }

  private addField(field: string, line: number): void {
    if (this.fieldExpiries.has(field)) this.refuse(line, 'takes away the time to live of a field');
    this.fields.add(field);
  }

  private expireField(field: string, expireAtMs: Moment, line: number): void {
    if (!this.fields.has(field)) this.refuse(line, 'gives a time to live to a field that no line above sets');
    this.fieldExpiries.set(field, expireAtMs);
  }

  private setType(type: FileType, line: number): void {
    if (this.type !== undefined && this.type !== type)
      this.refuse(line, `makes a ${type} of a key that is a ${this.type}`);
    this.type = type;
  }

  private groupAt(name: Buffer): number {
    return this.groups.findIndex((group) => group.name.equals(name));
  }

  private dropGroup(name: Buffer, line: number): void {
    const at = this.groupAt(name);
    if (at < 0) this.refuse(line, 'is about a group that no line above makes');
    else this.groups.splice(at, 1);
  }

  private addConsumer(group: Buffer, consumer: Buffer, line: number): void {
    const at = this.groupAt(group);
    const known = this.groups[at];
    if (known) this.groups[at] = { ...known, consumers: [...known.consumers, consumer] };
    else this.refuse(line, 'is about a group that no line above makes');
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
