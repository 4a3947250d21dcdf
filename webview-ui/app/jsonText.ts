/** JSON laid out in lines; only white space differs, so numbers keep every digit. Undefined when it is no JSON. */
export function layOutJson(text: string): string | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return layOut(text);
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;

function layOut(text: string): string {
  const lines: string[] = [];
  let line = '';
  let depth = 0;
  let previous = '';
  const breakLine = (): void => {
    lines.push(line);
    line = '  '.repeat(depth);
  };
  for (const [piece] of text.matchAll(token)) {
    const opened = previous === '{' || previous === '[';
    if (piece === '}' || piece === ']') {
      depth--;
      if (!opened) breakLine();
    } else if (opened || previous === ',') breakLine();
    if (piece === '{' || piece === '[') depth++;
    line += piece === ':' ? ': ' : piece;
    previous = piece;
  }
  lines.push(line);
  return lines.join('\n');
}
