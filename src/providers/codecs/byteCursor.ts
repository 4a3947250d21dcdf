import { isUtf8 } from 'node:buffer';
import { invalid } from '../../engine/kernel/errors';

/** Reads bytes from front to back; a length beyond the end is an error before anything is allocated for it. */
export class ByteCursor {
  at = 0;

  constructor(
    readonly bytes: Buffer,
    private readonly format: string,
  ) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** Throws when fewer than `count` bytes are left. */
  need(count: number): void {
    if (count > this.left) throw this.fault('ends too early');
  }

  take(count: number): Buffer {
    this.need(count);
    const part = this.bytes.subarray(this.at, this.at + count);
    this.at += count;
    return part;
  }

  byte(): number {
    this.need(1);
    return this.bytes[this.at++] ?? 0;
  }

  /** An unsigned number of 1 to 6 bytes, high byte first. */
  uint(size: number): number {
    return this.take(size).readUIntBE(0, size);
  }

  uintLE(size: number): number {
    return this.take(size).readUIntLE(0, size);
  }

  int(size: number): number {
    return this.take(size).readIntBE(0, size);
  }

  uint64(): bigint {
    return this.take(8).readBigUInt64BE();
  }

  int64(): bigint {
    return this.take(8).readBigInt64BE();
  }

  /** Text of `size` bytes, undefined when they are not UTF-8. */
  text(size: number): string | undefined {
    const part = this.take(size);
    return isUtf8(part) ? part.toString('utf8') : undefined;
  }

  /** Throws when anything is left. */
  end(): void {
    if (this.left > 0) throw this.fault(`goes on for ${this.left} bytes behind its end`);
  }

  fault(what: string) {
    return invalid(`This is not ${this.format}: it ${what} (at byte ${this.at})`);
  }
}
