import { bufferOf } from '../../engine/kernel/bufferOf';

/** Reads what a `ByteWriter` wrote; throws RangeError rather than read past the end. */
export class ByteReader {
  private readonly buffer: Buffer;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.buffer = bufferOf(bytes);
  }

  get atEnd(): boolean {
    return this.at === this.buffer.length;
  }

  unsigned(): number {
    return this.buffer.readUInt32LE(this.advance(4));
  }

  byte(): number {
    return this.buffer.readUInt8(this.advance(1));
  }

  double(): number {
    return this.buffer.readDoubleLE(this.advance(8));
  }

  text(): string {
    const length = this.unsigned();
    const start = this.advance(length);
    return this.buffer.toString('utf8', start, start + length);
  }

  bytes(): Uint8Array {
    const length = this.unsigned();
    const start = this.advance(length);
    return Uint8Array.from(this.buffer.subarray(start, start + length));
  }

  private advance(count: number): number {
    const start = this.at;
    if (start + count > this.buffer.length) throw new RangeError('The record ends early');
    this.at = start + count;
    return start;
  }
}
