import { largestItemEver, longestLine } from '../../../src/providers/memcached/replyReader';

/** What an independent reader makes of the bytes from `at` on, taking all there is: a reply, or why there is none. */
export type Read = { readonly text: string; readonly end: number } | 'cut' | 'violation';

const errors = /^(ERROR|CLIENT_ERROR|SERVER_ERROR)\b/;
const number = /^-?\d{1,20}$/;

class Stop extends Error {
  constructor(readonly ending: 'cut' | 'violation') {
    super(ending);
  }
}

/** A reply to `mg`, `ms` or `md`. */
export function referenceMeta(bytes: Buffer, at: number): Read {
  return reading(bytes, at, (from) => {
    const [code = '', ...words] = from.line().split(' ');
    const size = code === 'VA' ? from.size(words.shift()) : undefined;
    for (const word of words)
      if (/^[cfhlst]/.test(word) && words.findLast((other) => other[0] === word[0]) === word)
        from.require(number.test(word.slice(1)));
    const data = size === undefined ? '' : from.block(size);
    from.require(/^(VA|HD|EN|NS|EX|NF|MN|OK|END)$/.test(code));
    return `${code.replace('OK', 'HD').replace('END', 'EN')} ${data}`;
  });
}

/** A reply to `gets text` or `gets binary`. */
export function referenceValue(name: string) {
  return (bytes: Buffer, at: number): Read =>
    reading(bytes, at, (from) => {
      const line = from.line();
      if (line === 'END') return 'none';
      const [code, key, flags = '', size, cas = '0'] = line.split(' ');
      from.require(code === 'VALUE' && key === name);
      const data = from.block(from.size(size));
      from.require(from.line() === 'END');
      from.require(number.test(flags) && number.test(cas) && Number.isSafeInteger(Number(flags)));
      return `${Number(flags)} ${cas} ${data}`;
    });
}

/** A reply to `stats`. */
export function referenceStats(bytes: Buffer, at: number): Read {
  return reading(bytes, at, (from) => {
    const lines: string[] = [];
    for (;;) {
      const line = from.line();
      const [word] = line.split(' ');
      if (word === 'END' || word === 'RESET') return lines.join('\n');
      from.require(word === 'STAT');
      lines.push(line);
    }
  });
}

/** A reply of one line. */
export function referenceWord(replies: RegExp) {
  return (bytes: Buffer, at: number): Read =>
    reading(bytes, at, (from) => {
      const line = from.line();
      from.require(replies.test(line));
      return line;
    });
}

function reading(bytes: Buffer, at: number, read: (from: Reference) => string): Read {
  const from = new Reference(bytes, at);
  try {
    return { text: read(from), end: from.at };
  } catch (thrown) {
    if (thrown instanceof Stop) return thrown.ending;
    // an error line is a reply too
    if (thrown instanceof RangeError) return { text: 'error', end: from.at };
    throw thrown;
  }
}

class Reference {
  constructor(
    private readonly bytes: Buffer,
    public at: number,
  ) {}

  require(holds: boolean): void {
    if (!holds) throw new Stop('violation');
  }

  line(): string {
    const end = this.bytes.indexOf('\n', this.at);
    const length = (end < 0 ? this.bytes.length : end + 1) - this.at;
    this.require(length <= longestLine);
    if (end < 0) throw new Stop('cut');
    const line = this.bytes.toString('latin1', this.at, end);
    this.at = end + 1;
    this.require(line.endsWith('\r'));
    if (errors.test(line)) throw new RangeError();
    return line.slice(0, -1);
  }

  size(text = ''): number {
    this.require(/^\d{1,10}$/.test(text) && Number(text) <= largestItemEver);
    return Number(text);
  }

  block(size: number): string {
    const end = this.at + size;
    if (this.bytes.length < end + 2) throw new Stop('cut');
    this.require(this.bytes.toString('latin1', end, end + 2) === '\r\n');
    const data = this.bytes.toString('latin1', this.at, end);
    this.at = end + 2;
    return data;
  }
}
