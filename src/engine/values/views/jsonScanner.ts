/** A part of a JSON text; a key is the string before a colon. */
export type JsonToken = 'open' | 'close' | 'comma' | 'colon' | 'key' | 'string' | 'number' | 'word';

/** Called for each token with where it starts and ends. */
export type JsonVisitor = (token: JsonToken, start: number, end: number) => void;

/** Where a text stops being JSON, and why. */
export interface JsonFault {
  readonly problem: string;
  readonly at: number;
}

/** Deepest nesting that is read: laying out deeper text would grow with the square of the depth. */
const maxDepth = 500;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end' | 'end';

/**
 * Goes through one JSON document token by token, so that numbers, duplicate keys and escapes stay as they are
 * written. Gives where the document ends (white space after it included), or the first fault.
 */
export function scanJson(text: string, from: number, visit: JsonVisitor): { end: number } | JsonFault {
  const scanner = new Scanner(text, from, visit);
  for (;;) {
    const result = scanner.run(tokensOfSlice);
    if (result) return result;
  }
}

/** Reads a text that is one JSON document and nothing else. */
export function scanWholeJson(text: string, visit: JsonVisitor): JsonFault | undefined {
  return faultOfWhole(text, scanJson(text, 0, visit));
}

/** Reads such a text in slices of about a millisecond, and waits for `nextTurn` after each. */
export async function scanWholeJsonInSlices(
  text: string,
  visit: JsonVisitor,
  nextTurn: () => Promise<unknown>,
): Promise<JsonFault | undefined> {
  const scanner = new Scanner(text, 0, visit);
  for (;;) {
    const result = scanner.run(tokensOfSlice);
    if (result) return faultOfWhole(text, result);
    await nextTurn();
  }
}

function faultOfWhole(text: string, result: { end: number } | JsonFault): JsonFault | undefined {
  if ('problem' in result) return result;
  return result.end === text.length
    ? undefined
    : { problem: 'Something follows the end of the JSON document', at: result.end };
}

/** Tokens that are read at a stretch. */
const tokensOfSlice = 16 * 1024;

/** One pass over a document. Holds what is open and what may come next. */
class Scanner {
  private readonly open: ('{' | '[')[] = [];
  private expected: Expected = 'value';

  constructor(
    private readonly text: string,
    private at: number,
    private readonly visit: JsonVisitor,
  ) {}

  /** Undefined when the document goes on after that many tokens. */
  run(tokens: number): { end: number } | JsonFault | undefined {
    for (let left = tokens; left > 0; left--) {
      this.at = skipSpace(this.text, this.at);
      if (this.expected === 'end') return { end: this.at };
      const problem = this.step(this.text[this.at]);
      if (problem !== undefined) return { problem, at: this.at };
    }
    return undefined;
  }

  private step(character: string | undefined): string | undefined {
    if (character === undefined) return 'The JSON document ends too early';
    switch (this.expected) {
      case ':':
        return character === ':' ? this.emit('colon', 1, 'value') : 'A colon is missing here';
      case ', or end':
        return this.separator(character);
      case 'key':
      case 'key or }':
        return this.key(character);
      default:
        return this.value(character);
    }
  }

  private separator(character: string): string | undefined {
    const isObject = this.open.at(-1) === '{';
    if (character === ',') return this.emit('comma', 1, isObject ? 'key' : 'value');
    if (character === (isObject ? '}' : ']')) return this.close();
    return `A comma or ${isObject ? '}' : ']'} is missing here`;
  }

  private key(character: string): string | undefined {
    if (character === '}' && this.expected === 'key or }') return this.close();
    if (character !== '"') return 'A name in double quotes is missing here';
    return this.span(
      'key',
      stringEnd(this.text, this.at),
      ':',
      'This name does not end, or holds a bad escape',
    );
  }

  private value(character: string): string | undefined {
    if (character === '{' || character === '[') return this.begin(character);
    if (character === ']' && this.expected === 'value or ]') return this.close();
    if (character === '"')
      return this.span(
        'string',
        stringEnd(this.text, this.at),
        this.after(),
        'This text does not end, or holds a bad escape',
      );
    const number = match(numberPattern, this.text, this.at);
    if (number !== undefined) return this.span('number', number, this.after(), '');
    return this.span('word', match(wordPattern, this.text, this.at), this.after(), 'A value is missing here');
  }

  private begin(bracket: '{' | '['): string | undefined {
    if (this.open.length >= maxDepth) return `This JSON document is nested deeper than ${maxDepth} levels`;
    this.open.push(bracket);
    return this.emit('open', 1, bracket === '{' ? 'key or }' : 'value or ]');
  }

  private close(): string | undefined {
    this.open.pop();
    return this.emit('close', 1, this.after());
  }

  private after(): Expected {
    return this.open.length > 0 ? ', or end' : 'end';
  }

  private span(
    token: JsonToken,
    end: number | undefined,
    next: Expected,
    problem: string,
  ): string | undefined {
    return end === undefined ? problem : this.emit(token, end - this.at, next);
  }

  private emit(token: JsonToken, length: number, next: Expected): string | undefined {
    this.visit(token, this.at, this.at + length);
    this.at += length;
    this.expected = next;
    return undefined;
  }
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;
const wordPattern = /(?:true|false|null)(?!\w)/y;

function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function skipSpace(text: string, at: number): number {
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

const escapePattern = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** By character codes: a regular expression over a long text would exhaust its stack. */
function stringEnd(text: string, at: number): number | undefined {
  for (let next = at + 1; next < text.length;) {
    const code = text.charCodeAt(next);
    if (code === 0x22) return next + 1;
    if (code < 0x20) return undefined;
    if (code !== 0x5c) next++;
    else {
      const end = match(escapePattern, text, next);
      if (end === undefined) return undefined;
      next = end;
    }
  }
  return undefined;
}
