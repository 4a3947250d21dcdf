import { Buffer } from 'node:buffer';
import { keyBytes, type KeyName } from '../kernel/keyName';
import type { NameSlice } from '../kernel/nameBatch';

/** Tables are split so that none takes long to grow: at a million names each holds about 31,000. */
const tableCount = 32;
/** Names are stored in chunks of this many bytes; a longer name gets a chunk of its own. */
const chunkBytes = 1 << 18;
/** Before each name stands its length; the top bit marks a deleted one. */
const headBytes = 4;
const deletedBit = 0x80000000;

/** Where a name is stored: the number of its chunk and the offset in it. */
interface Place {
  readonly chunk: Buffer;
  readonly offset: number;
}

/**
 * A set of key names that stays responsive with millions of them. A scan may return a key twice; the bag counts
 * it once. Names are kept as bytes, one after the other: a million strings would cost the collector more time
 * than the scan itself takes (measured: 0.65 s of 1.2 s), and twice the memory.
 */
export class KeyBag {
  private readonly chunks: Buffer[] = [];
  private readonly ends: number[] = [];
  private readonly tables = Array.from({ length: tableCount }, () => new Table());
  /** Unknown to whoever names the keys, so that names cannot be chosen to collide. */
  private readonly seed = Math.floor(Math.random() * 0xffffffff);
  private count = 0;

  /** A property, so that one function serves every look-up. */
  private readonly isAt = (position: number, { bytes, start, end }: NameSlice): boolean => {
    const { chunk, offset } = this.placeOf(position);
    if (chunk.readUInt32LE(offset) !== end - start) return false;
    for (let from = start, at = offset + headBytes; from < end; from++, at++)
      if (chunk[at] !== bytes[from]) return false;
    return true;
  };

  get size(): number {
    return this.count;
  }

  add(name: KeyName): void {
    const bytes = keyBytes(name);
    this.addSlice({ bytes, start: 0, end: bytes.length });
  }

  /**
   * Adds one of many names that lie in one buffer: writes it where it would stay and hashes it in the same pass. What is
   * written for a name that is known is written over by the next.
   */
  addSlice(slice: NameSlice): void {
    const length = slice.end - slice.start;
    const number = this.chunkFor(headBytes + length);
    const chunk = this.chunks[number] as Buffer;
    const offset = this.ends[number] as number;
    const hash = this.write(slice, chunk, offset + headBytes);
    const table = this.tableOf(hash);
    if (table.find(hash, slice, this.isAt) !== undefined) return;
    chunk.writeUInt32LE(length, offset);
    this.ends[number] = offset + headBytes + length;
    table.insert(hash, number * chunkBytes + offset);
    this.count++;
  }

  delete(name: KeyName): boolean {
    const bytes = keyBytes(name);
    const slice = { bytes, start: 0, end: bytes.length };
    const hash = this.hash(slice);
    const position = this.tableOf(hash).find(hash, slice, this.isAt);
    if (position === undefined) return false;
    const { chunk, offset } = this.placeOf(position);
    chunk.writeUInt32LE((chunk.readUInt32LE(offset) | deletedBit) >>> 0, offset);
    this.count--;
    return true;
  }

  /**
   * The names in order of arrival, in pieces small enough to be worked through without a pause; `mark` is where an earlier
   * walk ended, and moves on with each piece. Each name is a slice that keeps its whole piece in memory: what outlives the
   * turn must be copied, see `ownName`.
   */
  *pieces(mark: BagMark = { chunk: 0, offset: 0 }): Iterable<readonly KeyName[]> {
    while (mark.chunk < this.chunks.length) {
      const from = mark.offset;
      const end = this.ends[mark.chunk] as number;
      if (from < end) {
        mark.offset = end;
        // while this piece is worked through, the chunk may grow
        yield namesOf(this.chunks[mark.chunk] as Buffer, from, end);
      } else if (mark.chunk === this.chunks.length - 1) return;
      else {
        mark.chunk++;
        mark.offset = 0;
      }
    }
  }

  private hash({ bytes, start, end }: NameSlice): number {
    let hash = this.seed;
    for (let at = start; at < end; at++) hash = hashed(hash, bytes[at] as number);
    return finished(hash);
  }

  private write({ bytes, start, end }: NameSlice, target: Buffer, offset: number): number {
    let hash = this.seed;
    for (let from = start, to = offset; from < end; from++, to++) {
      const byte = bytes[from] as number;
      target[to] = byte;
      hash = hashed(hash, byte);
    }
    return finished(hash);
  }

  private tableOf(hash: number): Table {
    return this.tables[hash & (tableCount - 1)] as Table;
  }

  /** Number of the chunk that has so many bytes left. */
  private chunkFor(size: number): number {
    const number = this.chunks.length - 1;
    const end = this.ends[number] ?? 0;
    // a chunk made for a long name that turned out to be known holds others up to the usual size: positions count in it
    const limit = end === 0 ? (this.chunks[number]?.length ?? 0) : chunkBytes;
    const isRoom = end + size <= limit;
    if (isRoom) return number;
    this.ends.push(0);
    return this.chunks.push(Buffer.allocUnsafeSlow(Math.max(chunkBytes, size))) - 1;
  }

  private placeOf(position: number): Place {
    return { chunk: this.chunks[Math.floor(position / chunkBytes)] as Buffer, offset: position % chunkBytes };
  }
}

/** One step of FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/. */
function hashed(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

/** Its low bits choose the table, so the high ones are mixed in. */
function finished(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** How far a walk over the names has come. */
export interface BagMark {
  chunk: number;
  offset: number;
}

/** A copy of a name from `pieces` that keeps nothing else in memory. */
export function ownName(slice: KeyName): KeyName {
  return Buffer.from(slice, 'latin1').toString('latin1') as KeyName;
}

/** One conversion a chunk and slices of it: a conversion a name costs five times as much. */
function namesOf(chunk: Buffer, from: number, end: number): KeyName[] {
  const text = chunk.toString('latin1', from, end);
  const names: KeyName[] = [];
  for (let offset = from; offset < end;) {
    const head = chunk.readUInt32LE(offset);
    const start = offset + headBytes;
    offset = start + (head & ~deletedBit);
    if (head < deletedBit) names.push(text.slice(start - from, offset - from) as KeyName);
  }
  return names;
}

/**
 * An open-addressing table of positions by hash. A deleted name keeps its slot, so that those behind it are found. A slot is
 * two numbers side by side, position + 1 (0: empty) and hash: what is looked at together costs one miss of the cache. A
 * float holds positions beyond 4 GiB.
 */
class Table {
  private used = 0;
  private slots = new Float64Array(128);

  /** The position where `isAt` finds the name among those of this hash. */
  find(
    hash: number,
    name: NameSlice,
    isAt: (position: number, name: NameSlice) => boolean,
  ): number | undefined {
    const { slots } = this;
    const mask = slots.length - 2;
    for (let at = startOf(hash) & mask; ; at = (at + 2) & mask) {
      const position = (slots[at] as number) - 1;
      if (position < 0) return undefined;
      if (slots[at + 1] === hash && isAt(position, name)) return position;
    }
  }

  insert(hash: number, position: number): void {
    if (++this.used * 4 > this.slots.length) this.grow();
    this.place(hash, position);
  }

  private place(hash: number, position: number): void {
    const { slots } = this;
    const mask = slots.length - 2;
    let at = startOf(hash) & mask;
    while (slots[at] !== 0) at = (at + 2) & mask;
    slots[at] = position + 1;
    slots[at + 1] = hash;
  }

  private grow(): void {
    const { slots } = this;
    this.slots = new Float64Array(slots.length * 2);
    for (let at = 0; at < slots.length; at += 2) {
      const position = slots[at] as number;
      if (position !== 0) this.place(slots[at + 1] as number, position - 1);
    }
  }
}

/** The bits of a hash that did not choose the table, as an even number. */
function startOf(hash: number): number {
  return (hash >>> 5) << 1;
}
