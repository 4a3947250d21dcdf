import { Buffer } from 'node:buffer';
import { keyBytes, type KeyName } from '../kernel/keyName';
import type { NameSlice } from '../kernel/nameBatch';

/** Tables are split so that none takes long to grow: at a million names each holds about 31,000. */
const tableCount = 32;
/** Names are stored in chunks of this many bytes; a longer name gets a chunk of its own. */
const chunkBytes = 1 << 18;
/** Before each name stands its length; the top bit, which is the sign, marks a deleted one. */
const headBytes = 4;
const deletedBit = 1 << 31;
/** Names begin at multiples of this: places are counted in it, so that 32 bits reach 16 GiB. */
const wordBytes = 4;
const chunkWords = chunkBytes / wordBytes;

/** Names one after the other, each behind its length. */
class Chunk {
  readonly bytes: Buffer;
  /** The same memory, for the lengths. */
  readonly words: Int32Array;
  /** Where the next name goes, bytes. */
  end = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafeSlow(size);
    this.words = new Int32Array(this.bytes.buffer);
  }

  /** Whether a name of so many bytes still goes in; one that was made for a long name takes others up to the usual size. */
  hasRoom(length: number): boolean {
    const limit = this.end === 0 ? this.bytes.length : chunkBytes;
    return this.end + sizeOf(length) <= limit;
  }
}

/** What a name of so many bytes takes with its length. */
function sizeOf(length: number): number {
  return (headBytes + length + wordBytes - 1) & -wordBytes;
}

/**
 * A set of key names that stays responsive with millions of them. A scan may return a key twice; the bag counts
 * it once. Names are kept as bytes, one after the other: a million strings would cost the collector more time
 * than the scan itself takes (measured: 0.65 s of 1.2 s), and twice the memory.
 */
export class KeyBag {
  private readonly chunks: Chunk[] = [];
  private readonly tables = Array.from({ length: tableCount }, () => new Table());
  /** Unknown to whoever names the keys, so that names cannot be chosen to collide. */
  private readonly seed = Math.floor(Math.random() * 0xffffffff);
  private count = 0;

  /** A property, so that one function serves every look-up. */
  private readonly isAt = (place: number, { bytes, start, end }: NameSlice): boolean => {
    const chunk = this.chunkOf(place);
    const word = place % chunkWords;
    if (chunk.words[word] !== end - start) return false;
    for (let from = start, at = word * wordBytes + headBytes; from < end; from++, at++)
      if (chunk.bytes[at] !== bytes[from]) return false;
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
    const chunk = this.chunkFor(length);
    const offset = chunk.end;
    const hash = this.write(slice, chunk.bytes, offset + headBytes);
    const table = this.tableOf(hash);
    if (table.find(hash, slice, this.isAt) !== undefined) return;
    const word = offset / wordBytes;
    chunk.words[word] = length;
    chunk.end = offset + sizeOf(length);
    table.insert(hash, (this.chunks.length - 1) * chunkWords + word);
    this.count++;
  }

  delete(name: KeyName): boolean {
    const bytes = keyBytes(name);
    const slice = { bytes, start: 0, end: bytes.length };
    const hash = this.hash(slice);
    const place = this.tableOf(hash).find(hash, slice, this.isAt);
    if (place === undefined) return false;
    const { words } = this.chunkOf(place);
    const word = place % chunkWords;
    words[word] = (words[word] as number) | deletedBit;
    this.count--;
    return true;
  }

  /**
   * The names in order of arrival, in pieces small enough to be worked through without a pause; `mark` is where an earlier
   * walk ended, and moves on with each piece. Each name is a slice that keeps its whole piece in memory: what outlives the
   * turn must be copied, see `ownName`.
   */
  *pieces(mark: BagMark = { chunk: 0, offset: 0 }): Iterable<readonly KeyName[]> {
    for (let chunk = this.chunks[mark.chunk]; chunk; chunk = this.chunks[mark.chunk]) {
      const from = mark.offset;
      const { end } = chunk;
      if (from < end) {
        mark.offset = end;
        // while this piece is worked through, the chunk may grow
        yield namesOf(chunk, from, end);
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

  /** The chunk that has room for a name of so many bytes: the last one. */
  private chunkFor(length: number): Chunk {
    const last = this.chunks.at(-1);
    if (last?.hasRoom(length)) return last;
    const next = new Chunk(Math.max(chunkBytes, sizeOf(length)));
    this.chunks.push(next);
    return next;
  }

  private chunkOf(place: number): Chunk {
    return this.chunks[Math.floor(place / chunkWords)] as Chunk;
  }
}

/** One step of FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/. */
function hashed(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

/** Its low bits choose the table, so the high ones are mixed in. */
function finished(hash: number): number {
  return hash ^ (hash >>> 15);
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
function namesOf({ bytes, words }: Chunk, from: number, end: number): KeyName[] {
  const text = bytes.toString('latin1', from, end);
  const names: KeyName[] = [];
  for (let offset = from; offset < end;) {
    const head = words[offset / wordBytes] as number;
    const length = head & ~deletedBit;
    const start = offset + headBytes - from;
    if (head >= 0) names.push(text.slice(start, start + length) as KeyName);
    offset += sizeOf(length);
  }
  return names;
}

/**
 * An open-addressing table of places by hash. A deleted name keeps its slot, so that those behind it are found. A slot is
 * two numbers side by side, place + 1 (0: empty) and hash: what is looked at together costs one miss of the cache.
 */
class Table {
  private used = 0;
  private slots = new Int32Array(128);

  /** The place where `isAt` finds the name among those of this hash. */
  find(hash: number, name: NameSlice, isAt: (place: number, name: NameSlice) => boolean): number | undefined {
    const { slots } = this;
    const mask = slots.length - 2;
    for (let at = startOf(hash) & mask; ; at = (at + 2) & mask) {
      const found = slots[at] as number;
      if (found === 0) return undefined;
      if (slots[at + 1] === hash && isAt((found >>> 0) - 1, name)) return (found >>> 0) - 1;
    }
  }

  insert(hash: number, place: number): void {
    if (++this.used * 4 > this.slots.length) this.grow();
    this.put(hash, place + 1);
  }

  private put(hash: number, found: number): void {
    const { slots } = this;
    const mask = slots.length - 2;
    let at = startOf(hash) & mask;
    while (slots[at] !== 0) at = (at + 2) & mask;
    slots[at] = found;
    slots[at + 1] = hash;
  }

  private grow(): void {
    const { slots } = this;
    this.slots = new Int32Array(slots.length * 2);
    for (let at = 0; at < slots.length; at += 2) {
      const found = slots[at] as number;
      if (found !== 0) this.put(slots[at + 1] as number, found);
    }
  }
}

/** The bits of a hash that did not choose the table, as an even number. */
function startOf(hash: number): number {
  return (hash >>> 5) << 1;
}
