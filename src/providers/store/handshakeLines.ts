import type { Writable } from 'node:stream';

/** Bytes of a handshake line at most. */
const longestLine = 4096;

const newline = 0x0a;

/** Sends a line of a handshake. */
export function sendLine(socket: Writable, line: object): void {
  socket.write(`${JSON.stringify(line)}\n`);
}

/** The lines of a handshake from the pieces in which they arrive, and what comes behind the last. */
export class HandshakeLines {
  private bytes: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, chunk]);
  }

  /** The next line, empty when it is too long to be one; undefined until it has come. */
  next(): string | undefined {
    const end = this.bytes.subarray(0, longestLine).indexOf(newline);
    if (end < 0) return this.bytes.length < longestLine ? undefined : '';
    const line = this.bytes.toString('utf8', 0, end);
    this.bytes = this.bytes.subarray(end + 1);
    return line;
  }

  /** What has come behind the lines that were taken. */
  get rest(): Buffer {
    return this.bytes;
  }
}
