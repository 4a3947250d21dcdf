import { garbled, tooLarge } from '../net/garbled';
import { Gathering } from '../net/gathering';
import { replyError } from './redisErrors';

const [plus, minus, colon, dollar, star, carriageReturn, newline, zero] = [43, 45, 58, 36, 42, 13, 10, 48];

/** What a Redis server may send; each limit is one of the servers' own, or far above what any reply has. */
export const replyLimits = {
  /** Lists in lists: COMMAND has 9. */
  depth: 32,
  /** Elements of all lists of a batch of replies: COMMAND has some 20,000, pages are asked for by the thousand, and each may cost 130 bytes. */
  elements: 384 * 1024,
  /** Bytes of a status or an error: what the server reads as a line at most (server.h, PROTO_INLINE_MAX_SIZE). */
  line: 64 * 1024,
  /** Bytes of one string: `proto-max-bulk-len`, and what DUMP puts around a string of that size. */
  bulk: 512 * 1024 * 1024 + 64 * 1024,
  /** Bytes of all strings of a batch of replies. */
  bytes: 1024 * 1024 * 1024,
} as const;

/** Strings above this are put in one place here: the decoder would hold their pieces, and then them twice. */
const largeBulk = 64 * 1024;
/** Digits of a 64-bit number. */
const mostDigits = 20;

const nothing = Buffer.alloc(0);

/** Where in a reply the next byte stands. */
type Place = 'type' | 'number' | 'numberEnd' | 'line' | 'bulk' | 'bulkEnd' | 'lineEnd';

/** What the replies of a batch may still have. */
interface Allowance {
  elements: number;
  bytes: number;
}

/**
 * Stands between a socket and the decoder, which makes lists of the length that the wire claims and gathers what comes for as
 * long as it comes. Reads the frame of each reply (RESP2: the links ask for no other) and admits chunks that keep to the
 * protocol, to `replyLimits` and to the commands that were sent.
 */
export class ReplyGuard {
  /** What the replies to come may have, one each. */
  private readonly awaited: Allowance[] = [];
  private batch: Allowance | undefined;
  private place: Place = 'type';
  private type = 0;
  private number = 0;
  private digits = 0;
  private isNegative = false;
  /** Bytes of the line until here, or of the string from here on. */
  private count = 0;
  /** Elements still to come of each list that the next one is in. */
  private readonly left: number[] = [];
  private gathering: Gathering | undefined;
  /** Where in the chunk the number began that was read last. */
  private headAt = 0;
  private kept: Buffer = nothing;

  /** A command is about to be sent. */
  expect(): void {
    this.awaited.push(this.batch ?? newAllowance());
  }

  /** Has the replies to all commands that `send` sends keep to one allowance. */
  together<T>(send: () => T): T {
    this.batch = newAllowance();
    try {
      return send();
    } finally {
      this.batch = undefined;
    }
  }

  /** What the decoder may see of this chunk and what was kept back before it. Throws at the first byte that is out of place. */
  admit(chunk: Buffer): readonly Buffer[] {
    const admitted = this.kept.length > 0 ? [this.kept] : [];
    this.headAt = 0;
    let from = 0;
    for (let at = 0; at < chunk.length;) {
      if (this.gathering) from = at = this.gather(this.gathering, chunk, at, admitted);
      else {
        at = this.step(chunk, at);
        if (this.place === 'bulk' && this.count > largeBulk && this.count > chunk.length - at) {
          if (at > from) admitted.push(chunk.subarray(from, at));
          from = at;
          this.gathering = new Gathering(this.count + 2);
        }
      }
    }
    return this.admitUpToHalf(chunk, from, admitted);
  }

  /** Keeps back what the decoder would take for a whole: a number without its end, half the end of a line. */
  private admitUpToHalf(chunk: Buffer, from: number, admitted: Buffer[]): readonly Buffer[] {
    const { place, kept } = this;
    const isNumber = place === 'number' || place === 'numberEnd';
    const end = isNumber ? this.headAt : place === 'lineEnd' ? chunk.length - 1 : chunk.length;
    if (isNumber && end === 0) {
      this.kept = Buffer.concat([kept, chunk]);
      return [];
    }
    this.kept = end < chunk.length ? chunk.subarray(end) : nothing;
    if (from === 0 && end === chunk.length && admitted.length === 0) return [chunk];
    if (end > from) admitted.push(chunk.subarray(from, end));
    return admitted;
  }

  /** Adds to a large string, and admits it when it is whole; gives where the chunk goes on. */
  private gather(gathering: Gathering, chunk: Buffer, at: number, admitted: Buffer[]): number {
    const taken = gathering.take(chunk, at);
    const { whole } = gathering;
    if (whole) {
      this.gathering = undefined;
      if (whole[this.count] !== carriageReturn || whole[this.count + 1] !== newline) throw badEnd();
      admitted.push(whole);
      this.place = 'type';
      this.endElement();
    }
    return at + taken;
  }

  private step(chunk: Buffer, at: number): number {
    switch (this.place) {
      case 'type':
        return this.begin(chunk, at);
      case 'number':
        return this.readNumber(chunk, at);
      case 'numberEnd':
        return this.endNumber(chunk, at);
      case 'line':
        return this.readLine(chunk, at);
      case 'bulk':
        return this.skipBulk(chunk, at);
      case 'bulkEnd':
        if (chunk[at] !== carriageReturn) throw badEnd();
        this.place = 'lineEnd';
        return at + 1;
      case 'lineEnd':
        if (chunk[at] !== newline) throw badEnd();
        this.place = 'type';
        this.endElement();
        return at + 1;
    }
  }

  private begin(chunk: Buffer, at: number): number {
    if (this.awaited.length === 0) throw unasked(chunk, at);
    const type = chunk[at] as number;
    if (type === dollar) {
      const end = this.shortBulk(chunk, at);
      if (end > 0) return end;
    }
    this.type = type;
    if (type === dollar || type === star || type === colon) {
      this.place = 'number';
      this.number = this.digits = 0;
      this.isNegative = false;
      this.headAt = at;
      return this.readNumber(chunk, at + 1);
    }
    if (type !== plus && type !== minus)
      throw garbled('Redis', `a reply that begins with the byte 0x${type.toString(16).padStart(2, '0')}`);
    this.place = 'line';
    this.count = 0;
    return this.readLine(chunk, at + 1);
  }

  /** Skips a string of up to 99 bytes that is all there and as it should be, gives where it ends; 0 for any other. */
  private shortBulk(chunk: Buffer, at: number): number {
    if (at + 110 > chunk.length) return 0;
    const first = (chunk[at + 1] as number) - zero;
    if (first < 0 || first > 9) return 0;
    const second = (chunk[at + 2] as number) - zero;
    const hasTwo = second >= 0 && second <= 9;
    const length = hasTwo ? first * 10 + second : first;
    const from = hasTwo ? at + 5 : at + 4;
    const end = from + length;
    const isBounded = chunk[from - 2] === carriageReturn && chunk[from - 1] === newline;
    if (!isBounded || chunk[end] !== carriageReturn || chunk[end + 1] !== newline) return 0;
    this.spend(length);
    this.endElement();
    return end + 2;
  }

  private readNumber(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      const digit = byte - zero;
      if (digit >= 0 && digit <= 9) {
        if (++this.digits > mostDigits) throw noNumber();
        this.number = this.number * 10 + digit;
      } else if (byte === carriageReturn && this.digits > 0) {
        this.place = 'numberEnd';
        return at + 1 < chunk.length ? this.endNumber(chunk, at + 1) : at + 1;
      } else if (byte === minus && this.digits === 0 && !this.isNegative) this.isNegative = true;
      else throw noNumber();
    }
    return chunk.length;
  }

  /** Acts on a number that is whole: it may be a reply, or the length of what follows. */
  private endNumber(chunk: Buffer, at: number): number {
    if (chunk[at] !== newline) throw noNumber();
    this.place = 'type';
    if (this.type === colon) this.endElement();
    else if (this.isNegative) {
      // the one that stands for nothing; the decoder takes all for it
      if (this.number !== 1 || this.digits !== 1) throw noNumber();
      this.endElement();
    } else if (this.type === star) this.beginList(this.number);
    else return this.beginBulk(chunk, at + 1);
    return at + 1;
  }

  private beginList(length: number): void {
    const allowance = this.awaited[0] as Allowance;
    allowance.elements -= length;
    if (allowance.elements < 0)
      throw tooLarge(`lists of more than ${replyLimits.elements} elements together`);
    if (length === 0) {
      this.endElement();
      return;
    }
    if (this.left.push(length) > replyLimits.depth)
      throw tooLarge(`more than ${replyLimits.depth} lists in each other`);
  }

  private beginBulk(chunk: Buffer, at: number): number {
    this.spend(this.number);
    if (this.number > replyLimits.bulk) throw tooLarge(`a string of more than ${replyLimits.bulk} bytes`);
    const end = at + this.number;
    if (end + 1 < chunk.length) {
      // all of it is there: most strings are short
      if (chunk[end] !== carriageReturn || chunk[end + 1] !== newline) throw badEnd();
      this.endElement();
      return end + 2;
    }
    this.place = 'bulk';
    this.count = this.number;
    return at < chunk.length && this.count <= largeBulk ? this.skipBulk(chunk, at) : at;
  }

  private skipBulk(chunk: Buffer, at: number): number {
    const skipped = Math.min(this.count, chunk.length - at);
    this.count -= skipped;
    if (this.count === 0) this.place = 'bulkEnd';
    return at + skipped;
  }

  private readLine(chunk: Buffer, at: number): number {
    const found = chunk.indexOf(carriageReturn, at);
    const end = found < 0 ? chunk.length : found;
    this.count += end - at;
    if (this.count > replyLimits.line) throw tooLarge(`a line of more than ${replyLimits.line} bytes`);
    if (found < 0) return end;
    this.spend(this.count);
    this.place = 'lineEnd';
    return end + 1;
  }

  private spend(bytes: number): void {
    const allowance = this.awaited[0] as Allowance;
    allowance.bytes -= bytes;
    if (allowance.bytes < 0) throw tooLarge(`replies of more than ${replyLimits.bytes} bytes together`);
  }

  /** One element is whole, and with it each list that it was the last of. */
  private endElement(): void {
    const { left } = this;
    for (let depth = left.length - 1; depth >= 0; depth--) {
      const rest = (left[depth] as number) - 1;
      left[depth] = rest;
      if (rest > 0) return;
      left.pop();
    }
    this.awaited.shift();
  }
}

function newAllowance(): Allowance {
  return { elements: replyLimits.elements, bytes: replyLimits.bytes };
}

/** What comes unasked: an error by which a server turns a client away, such as `-ERR max number of clients reached`, or garbage. */
function unasked(chunk: Buffer, at: number): Error {
  const line = chunk.toString('latin1', at, Math.min(chunk.length, at + 512)).split('\r', 1)[0] ?? '';
  const told = line.startsWith('-')
    ? replyError(Object.assign(new Error(line.slice(1)), { name: 'ReplyError' }), 'Connecting')
    : undefined;
  return told ?? garbled('Redis', 'bytes that were not asked for');
}

function noNumber(): Error {
  return garbled('Redis', 'a number that has other characters than digits');
}

function badEnd(): Error {
  return garbled('Redis', 'an end of a line that is not where it should be');
}
