import { scanJson, scanWholeJson, type JsonFault } from './jsonScanner';
import { LongText } from './longText';

/** How a JSON text is laid out. */
export interface JsonLayout {
  /** White space of one level; undefined when everything is on one line. */
  readonly indent: string | undefined;
  readonly newline: string;
  readonly afterComma: string;
  readonly beforeColon: string;
  readonly afterColon: string;
  /** White space before and after the document. */
  readonly lead: string;
  readonly tail: string;
}

/** The layout a person reads and edits. */
export const readable: JsonLayout = {
  indent: '  ',
  newline: '\n',
  afterComma: '',
  beforeColon: '',
  afterColon: ' ',
  lead: '',
  tail: '',
};

/** Longest text that is laid out, in characters. */
const maxLength = 32 * 1024 * 1024;

/** The same tokens in another layout, or why the text is not one JSON document. */
export function layOutJson(text: string, layout: JsonLayout): { readonly text: string } | JsonFault {
  const writer = new LayoutWriter(text, layout);
  const fault = scanWholeJson(text, (token, start, end) => {
    writer.take(token, start, end);
  });
  if (fault) return fault;
  return writer.result() ?? { problem: 'Laid out, this JSON document would be too long', at: 0 };
}

/** Puts tokens down one after another. Stops, with no result, beyond the longest text. */
class LayoutWriter {
  private readonly laidOut = new LongText();
  private depth = 0;
  private isAfterOpen = false;

  constructor(
    private readonly text: string,
    private readonly layout: JsonLayout,
  ) {}

  take(token: string, start: number, end: number): void {
    if (this.laidOut.length > maxLength) return;
    const { afterComma, beforeColon, afterColon } = this.layout;
    if (token === 'close') this.depth--;
    if (this.isAfterOpen !== (token === 'close')) this.breakLine();
    this.isAfterOpen = token === 'open';
    if (token === 'colon') this.push(beforeColon);
    this.push(this.text.slice(start, end));
    if (token === 'open') this.depth++;
    if (token === 'colon') this.push(afterColon);
    if (token === 'comma') {
      this.push(afterComma);
      this.breakLine();
    }
  }

  result(): { readonly text: string } | undefined {
    if (this.laidOut.length > maxLength) return undefined;
    return { text: this.layout.lead + this.laidOut.toString() + this.layout.tail };
  }

  private breakLine(): void {
    const { indent, newline } = this.layout;
    if (indent !== undefined) this.push(newline + indent.repeat(this.depth));
  }

  private push(part: string): void {
    this.laidOut.push(part);
  }
}

/** The layout of a text as its first brackets, comma and colon have it; only laying out again tells whether all follow it. */
export function detectJsonLayout(text: string): JsonLayout {
  const { afterOpen = '', ...spaces } = firstSpaces(text.slice(0, looked));
  const isBroken = /^\r?\n/.test(afterOpen);
  const newline = afterOpen.startsWith('\r') ? '\r\n' : '\n';
  // what a short document does not show is as the rest of it: writers that space commas space colons
  const afterComma = spaces.afterComma ?? spaces.afterColon ?? '';
  return {
    indent: isBroken ? afterOpen.slice(newline.length) : undefined,
    newline,
    afterComma: isBroken ? untilNewline(afterComma) : afterComma,
    beforeColon: spaces.beforeColon ?? '',
    afterColon: spaces.afterColon ?? (isBroken ? ' ' : afterComma),
    lead: /^[ \t\r\n]*/.exec(text)?.[0] ?? '',
    tail: trailingSpace(text),
  };
}

function untilNewline(space: string): string {
  return /^[ \t]*(?=\r?\n)/.exec(space)?.[0] ?? '';
}

/** A layout shows in the first characters, or it is none. */
const looked = 64 * 1024;

interface Spaces {
  afterOpen?: string;
  afterComma?: string;
  beforeColon?: string;
  afterColon?: string;
}

function firstSpaces(text: string): Spaces {
  const spaces: Spaces = {};
  let last: { token: string; end: number } | undefined;
  scanJson(text, 0, (token, start, end) => {
    if (last) noteSpace(spaces, last.token, token, text.slice(last.end, start));
    last = { token, end };
  });
  return spaces;
}

function noteSpace(spaces: Spaces, before: string, after: string, space: string): void {
  if (before === 'open' && after !== 'close') spaces.afterOpen ??= space;
  else if (before === 'comma') spaces.afterComma ??= space;
  else if (after === 'colon') spaces.beforeColon ??= space;
  else if (before === 'colon') spaces.afterColon ??= space;
}

function trailingSpace(text: string): string {
  let start = text.length;
  while (start > 0 && ' \t\r\n'.includes(text.charAt(start - 1))) start--;
  return text.slice(start);
}
