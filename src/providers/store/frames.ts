import { deserialize, serialize } from 'node:v8';
import type { Writable } from 'node:stream';

const headerBytes = 4;

const mebibyte = 1024 * 1024;

/**
 * Bytes of content that a sender puts into one message at most: what is more is sent in several, or refused in words. Rows
 * hold no values of caches, which are files: hundreds of bytes an event, some KiB a profile or a record.
 */
export const largestMessage = 32 * mebibyte;

/** Bytes of one message: a text may take two for one, and something surrounds it. What is longer is not one of ours. */
const largestFrame = 2 * largestMessage + mebibyte;

/** Sends a message: its length, then its structured clone, which keeps bytes as bytes. Throws a RangeError on one too long. */
export function sendFrame(socket: Writable, message: unknown): void {
  const payload = serialize(message);
  if (payload.length > largestFrame) throw new RangeError('A message is too long');
  const header = Buffer.allocUnsafe(headerBytes);
  header.writeUInt32LE(payload.length);
  socket.cork();
  socket.write(header);
  socket.write(payload);
  socket.uncork();
}

/** Puts messages together from the pieces in which they arrive. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private buffered = 0;
  private wanted: number | undefined;

  /** Takes a piece; returns the messages it completed. Throws a RangeError on what cannot be a message. */
  push(chunk: Buffer): unknown[] {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    const messages: unknown[] = [];
    for (let payload = this.next(); payload; payload = this.next()) messages.push(deserialize(payload));
    return messages;
  }

  private next(): Buffer | undefined {
    if (this.wanted === undefined) {
      if (this.buffered < headerBytes) return undefined;
      this.wanted = this.take(headerBytes).readUInt32LE();
      if (this.wanted > largestFrame) throw new RangeError('A message is too long');
    }
    if (this.buffered < this.wanted) return undefined;
    const payload = this.take(this.wanted);
    this.wanted = undefined;
    return payload;
  }

  private take(length: number): Buffer {
    const [first] = this.chunks;
    const bytes = first && first.length >= length ? first : Buffer.concat(this.chunks);
    if (bytes !== first) this.chunks = [bytes];
    if (bytes.length === length) this.chunks.shift();
    else this.chunks[0] = bytes.subarray(length);
    this.buffered -= length;
    return bytes.subarray(0, length);
  }
}
