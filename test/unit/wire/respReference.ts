import { replyLimits } from '../../../src/providers/redis/replyGuard';

/** How bytes end: at the end of the last reply, within one, or with something that is none. */
export type Ending = 'whole' | 'cut' | 'violation';

class Stop extends Error {
  constructor(readonly ending: Ending) {
    super(ending);
  }
}

/** The replies in these bytes as texts, read all at once and without a care for speed; there may be `expected` of them. */
export function referenceReplies(bytes: Buffer, expected: number): { replies: string[]; ending: Ending } {
  const replies: string[] = [];
  const reader = new Reference(bytes);
  try {
    while (!reader.isAtEnd()) {
      if (replies.length === expected) throw new Stop('violation');
      replies.push(reader.reply());
    }
    return { replies, ending: 'whole' };
  } catch (thrown) {
    if (thrown instanceof Stop) return { replies, ending: thrown.ending };
    throw thrown;
  }
}

/** What ioredis makes of a reply, as the same text. */
export function replyText(reply: unknown): string {
  if (reply === null) return 'nil';
  if (Array.isArray(reply)) return `[${reply.map(replyText).join()}]`;
  if (reply instanceof Error) return `error ${reply.message}`;
  if (Buffer.isBuffer(reply)) return `bytes ${reply.toString('hex')}`;
  return typeof reply === 'string' ? `number ${reply}` : typeof reply;
}

class Reference {
  private at = 0;
  private elements = 0;

  constructor(private readonly bytes: Buffer) {}

  isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  reply(): string {
    this.elements = 0;
    return this.element(0);
  }

  private element(depth: number): string {
    if (this.isAtEnd()) throw new Stop('cut');
    const type = String.fromCharCode(this.bytes.readUInt8(this.at++));
    if (type === '+') return `bytes ${this.line().toString('hex')}`;
    if (type === '-') return `error ${this.line().toString()}`;
    if (!':$*'.includes(type)) throw new Stop('violation');
    const text = this.number();
    if (type === ':') return `number ${text}`;
    if (text.startsWith('-') && text !== '-1') throw new Stop('violation');
    if (text === '-1') return 'nil';
    return type === '$' ? this.bulk(Number(text)) : this.list(Number(text), depth);
  }

  private number(): string {
    const end = this.bytes.indexOf('\r', this.at);
    const text = this.bytes.toString('latin1', this.at, end < 0 ? undefined : end);
    if (!/^-?\d{0,20}$/.test(text)) throw new Stop('violation');
    if (end < 0) throw new Stop('cut');
    if (!/\d$/.test(text)) throw new Stop('violation');
    this.at = end;
    this.lineEnd();
    return text;
  }

  private line(): Buffer {
    const end = this.bytes.indexOf('\r', this.at);
    const line = this.bytes.subarray(this.at, end < 0 ? undefined : end);
    if (line.length > replyLimits.line) throw new Stop('violation');
    if (end < 0) throw new Stop('cut');
    this.at = end;
    this.lineEnd();
    return line;
  }

  private bulk(length: number): string {
    if (length > replyLimits.bulk) throw new Stop('violation');
    const bytes = this.bytes.subarray(this.at, this.at + length);
    if (bytes.length < length) throw new Stop('cut');
    this.at += length;
    this.lineEnd();
    return `bytes ${bytes.toString('hex')}`;
  }

  private list(length: number, depth: number): string {
    this.elements += length;
    if (this.elements > replyLimits.elements) throw new Stop('violation');
    if (length > 0 && depth >= replyLimits.depth) throw new Stop('violation');
    const elements: string[] = [];
    while (elements.length < length) elements.push(this.element(depth + 1));
    return `[${elements.join()}]`;
  }

  private lineEnd(): void {
    for (const byte of '\r\n') {
      if (this.isAtEnd()) throw new Stop('cut');
      if (String.fromCharCode(this.bytes.readUInt8(this.at++)) !== byte) throw new Stop('violation');
    }
  }
}
