/** Appends numbers, strings and bytes to a buffer that grows. */
export class ByteWriter {
  private buffer = Buffer.allocUnsafe(4096);
  private used = 0;

  unsigned(value: number): void {
    this.reserve(4);
    this.used = this.buffer.writeUInt32LE(value, this.used);
  }

  byte(value: number): void {
    this.reserve(1);
    this.used = this.buffer.writeUInt8(value, this.used);
  }

  double(value: number): void {
    this.reserve(8);
    this.used = this.buffer.writeDoubleLE(value, this.used);
  }

  /** Length, then the text as UTF-8. */
  text(value: string): void {
    // A UTF-16 unit takes three bytes at most, so the length need not be known before.
    this.reserve(4 + value.length * 3);
    const written = this.buffer.write(value, this.used + 4, 'utf8');
    this.buffer.writeUInt32LE(written, this.used);
    this.used += 4 + written;
  }

  /** Length, then the bytes. */
  bytes(value: Uint8Array): void {
    this.reserve(4 + value.length);
    this.buffer.writeUInt32LE(value.length, this.used);
    this.buffer.set(value, this.used + 4);
    this.used += 4 + value.length;
  }

  /** What was written; shares memory with the writer, which must not be used further. */
  finish(): Buffer {
    return this.buffer.subarray(0, this.used);
  }

  private reserve(count: number): void {
    if (this.used + count <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.used + count));
    this.buffer.copy(grown, 0, 0, this.used);
    this.buffer = grown;
  }
}
