import { invalid } from '../../engine/kernel/errors';
import { maxUnpacked, tooLarge } from './limits';

/** Bytes that grow as they are unpacked, never beyond the limit and never by what a header claims. */
export class GrowingBuffer {
  private bytes: Buffer;
  private length = 0;

  constructor(
    private readonly format: string,
    private readonly packed: number,
  ) {
    this.bytes = Buffer.alloc(Math.min(maxUnpacked, packed * 4 + 64));
  }

  get size(): number {
    return this.length;
  }

  append(part: Buffer): void {
    this.reserve(part.length);
    part.copy(this.bytes, this.length);
    this.length += part.length;
  }

  /** Repeats `count` bytes from `distance` before the end; they may overlap what is being written. */
  repeat(distance: number, count: number, start = 0): void {
    if (distance < 1 || distance > this.length - start)
      throw invalid(`This ${this.format} refers to bytes before its start`);
    this.reserve(count);
    const from = this.length - distance;
    // each copy doubles what can be copied next
    for (let done = 0; done < count;) {
      const step = Math.min(count - done, distance + done);
      this.bytes.copyWithin(this.length + done, from, from + step);
      done += step;
    }
    this.length += count;
  }

  result(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed > maxUnpacked) throw tooLarge(this.format, this.packed);
    if (needed <= this.bytes.length) return;
    const larger = Buffer.alloc(Math.min(maxUnpacked, Math.max(needed, this.bytes.length * 2)));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}
