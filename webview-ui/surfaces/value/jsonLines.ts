/** A line of laid out JSON; `end` is the line that closes what this one opens. */
export interface JsonLine {
  readonly text: string;
  readonly end?: number;
}

const opens = /[{[]\s*$/;
const closes = /^\s*[}\]]/;

/** Lines of JSON that was laid out one item a line, each bracket paired. */
export function jsonLines(text: string): JsonLine[] {
  const lines: { text: string; end?: number }[] = text.split('\n').map((line) => ({ text: line }));
  const open: number[] = [];
  lines.forEach((line, at) => {
    if (closes.test(line.text)) {
      const from = open.pop();
      const start = from === undefined ? undefined : lines[from];
      if (start) start.end = at;
    }
    if (opens.test(line.text)) open.push(at);
  });
  return lines;
}

/** The lines that are shown when those in `folded` hide what they open. */
export function visibleLines(lines: readonly JsonLine[], folded: ReadonlySet<number>): number[] {
  const shown: number[] = [];
  for (let at = 0; at < lines.length; at++) {
    shown.push(at);
    const end = lines[at]?.end;
    if (end !== undefined && folded.has(at)) at = end;
  }
  return shown;
}

/** A folded line: `"address": {…}` with what follows its end. */
export function foldedText(lines: readonly JsonLine[], at: number): string {
  const line = lines[at];
  const last = line?.end === undefined ? undefined : lines[line.end];
  return `${line?.text ?? ''}…${last?.text.trim() ?? ''}`;
}
