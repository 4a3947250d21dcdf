import { isUtf8 } from 'node:buffer';
import { invalid } from '../../engine/kernel/errors';
import type { EncodedValue } from '../../engine/values/valueViews';
import type { Face, Fit } from '../../engine/values/views/codec';
import { encodeUtf8 } from '../../engine/values/views/encodeUtf8';
import { detectJsonLayout, layOutJson, readable } from '../../engine/values/views/jsonLayout';
import { scanWholeJson } from '../../engine/values/views/jsonScanner';
import { maxStructured } from './limits';

/** One JSON document, laid out to be read; saved in the layout it had. */
export const jsonFace: Face = {
  name: 'json',
  title: 'JSON',
  readOnlyReason:
    'This JSON is laid out in a way that saving would change: choose Text or Escaped to edit it as it is',
  fit(bytes) {
    const first = bytes.subarray(0, 64).toString('latin1').trimStart().charAt(0);
    if (!'{["-0123456789tfn'.includes(first) || first === '' || !isJson(bytes)) return 'no';
    return first === '{' || first === '[' ? 'sure' : 'choice';
  },
  show(bytes) {
    const laidOut = layOutJson(textOf(bytes), readable);
    if ('problem' in laidOut) throw invalid(`${laidOut.problem} (at character ${laidOut.at})`);
    return { text: laidOut.text, language: 'json' };
  },
  read: (text, original) => encoded(layOutJson(text, detectJsonLayout(textOf(original)))),
};

/** A JSON document a line. */
export const ndjsonFace: Face = {
  name: 'ndjson',
  title: 'JSON lines',
  readOnlyReason:
    'These JSON lines are laid out in a way that saving would change: choose Text or Escaped to edit them as they are',
  fit: fitLines,
  show: (bytes) => ({ text: textOf(bytes), language: 'plaintext' }),
  read(text) {
    const fault = faultInLines(text);
    return fault ?? encodeUtf8(text);
  },
};

function fitLines(bytes: Buffer): Fit {
  const isOpened = bytes[0] === 0x7b || bytes[0] === 0x5b;
  if (!isOpened || !bytes.includes('\n') || !isText(bytes)) return 'no';
  const text = textOf(bytes);
  return text.trimEnd().includes('\n') && faultInLines(text) === undefined ? 'sure' : 'no';
}

function faultInLines(text: string): { problem: string; at: number } | undefined {
  let start = 0;
  for (const line of text.split('\n')) {
    const fault = line.trim() === '' ? undefined : scanWholeJson(line, () => undefined);
    if (fault) return { problem: fault.problem, at: start + fault.at };
    start += line.length + 1;
  }
  return undefined;
}

function encoded(laidOut: ReturnType<typeof layOutJson>): EncodedValue {
  return 'problem' in laidOut ? laidOut : encodeUtf8(laidOut.text);
}

function isJson(bytes: Buffer): boolean {
  return isText(bytes) && scanWholeJson(bytes.toString('utf8'), () => undefined) === undefined;
}

function isText(bytes: Buffer): boolean {
  return bytes.length <= maxStructured && isUtf8(bytes);
}

function textOf(bytes: Buffer): string {
  if (bytes.length > maxStructured)
    throw invalid(`This is too long to be shown as JSON: ${bytes.length} bytes`);
  if (!isUtf8(bytes)) throw invalid('This is not JSON: it is not valid UTF-8');
  return bytes.toString('utf8');
}
