import { type EngineError, toEngineError } from '../../engine/kernel/errors';
import { garbled } from '../net/garbled';
import { Gathering } from '../net/gathering';

const newline = 10;
const carriageReturn = 13;

/** Bytes of the longest line, also of a dump: a key, URI-encoded, has 750, and servers make their lines in buffers of 2048 (memcached.h). */
export const longestLine = 4096;
/** Bytes of all lines of one reply: `stats items` of a server with every slab class in use has some 100,000. */
const mostLineBytes = 1024 * 1024;
/** The largest item that a server can be told to take, bytes (memcached.h, ITEM_SIZE_MAX_UPPER_LIMIT). */
export const largestItemEver = 1024 * 1024 * 1024;

/** What a reply needs next: a line, or so many bytes. */
export type Wanted = 'line' | number;

/** A reply as it is read: asks for lines, which it gets without their end, and for bytes, and returns its value. */
export type Reading<T> = Generator<Wanted, T, Buffer>;

/** Begins to read a reply. An error line of the server throws, and so does what is no reply to the command. */
export type Parser<T> = () => Reading<T>;

interface Awaiting {
  wanted: Wanted;
  lineBytes: number;
  /** Gives what was wanted; answers what is wanted next, undefined when the reply is at its end. */
  readonly give: (bytes: Buffer) => Wanted | undefined;
  readonly reject: (error: EngineError) => void;
}

/**
 * Cuts what one socket receives into the replies that are awaited, in their order. Looks at each byte once and holds no
 * more than a line, or the value that a reply has announced; what breaks the protocol or was not asked for throws.
 */
export class ReplyReader {
  private readonly awaited: Awaiting[] = [];
  private linePieces: Buffer[] = [];
  private lineLength = 0;
  private gathering: Gathering | undefined;

  /** `largestBlock` gives the most bytes that a value may have. */
  constructor(private readonly largestBlock: () => number = () => largestItemEver) {}

  /** Reads a reply when those before it are read. */
  expect<T>(parser: Parser<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const reading = parser();
      const first = reading.next();
      if (first.done) return resolve(first.value);
      const give = (bytes: Buffer): Wanted | undefined => {
        const next = reading.next(bytes);
        if (!next.done) return next.value;
        resolve(next.value);
        return undefined;
      };
      this.awaited.push({ wanted: first.value, lineBytes: 0, give, reject });
    });
  }

  /** Takes what has come. Throws `garbled` when the socket has to go; `rejectAll` then ends what was awaited. */
  take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      const next = this.awaited[0];
      if (!next) throw garbled('Memcached', 'bytes that were not asked for');
      at = next.wanted === 'line' ? this.takeLine(next, chunk, at) : this.takeBlock(next, chunk, at);
    }
  }

  /** Ends all that is awaited. */
  rejectAll(cause: EngineError): void {
    for (const { reject } of this.awaited.splice(0)) reject(cause);
  }

  private takeLine(next: Awaiting, chunk: Buffer, at: number): number {
    const found = chunk.indexOf(newline, at);
    const end = found < 0 ? chunk.length : found + 1;
    this.lineLength += end - at;
    next.lineBytes += end - at;
    if (this.lineLength > longestLine) throw garbled('Memcached', `a line of more than ${longestLine} bytes`);
    if (next.lineBytes > mostLineBytes)
      throw garbled('Memcached', `a reply of more than ${mostLineBytes} bytes in lines`);
    this.linePieces.push(chunk.subarray(at, end));
    if (found >= 0) this.give(next, this.line());
    return end;
  }

  /** The line that is whole, without its end. */
  private line(): Buffer {
    const [only, ...more] = this.linePieces;
    const line = only && more.length === 0 ? only : Buffer.concat(this.linePieces);
    this.linePieces = [];
    this.lineLength = 0;
    if (line[line.length - 2] !== carriageReturn) throw garbled('Memcached', 'a line with half an end');
    return line.subarray(0, -2);
  }

  private takeBlock(next: Awaiting, chunk: Buffer, at: number): number {
    this.gathering ??= this.gatheringOf(Number(next.wanted));
    const taken = this.gathering.take(chunk, at);
    const { whole } = this.gathering;
    if (whole) {
      this.gathering = undefined;
      this.give(next, whole);
    }
    return at + taken;
  }

  private gatheringOf(size: number): Gathering {
    const largest = this.largestBlock();
    if (size > largest + '\r\n'.length)
      throw garbled('Memcached', `a value of more than the ${largest} bytes an item may have`);
    return new Gathering(size);
  }

  private give(next: Awaiting, bytes: Buffer): void {
    let wanted: Wanted | undefined;
    try {
      wanted = next.give(bytes);
    } catch (thrown) {
      const error = toEngineError(thrown);
      if (error.reason === 'garbled') throw error;
      // an error reply is one line: after it the conversation is in step again
      next.reject(error);
    }
    if (wanted === undefined) this.awaited.shift();
    else next.wanted = wanted;
  }
}
