import type { Buffer } from 'node:buffer';
import type { Engine } from '../connections/profile';
import type { ValuePart } from '../connections/valuePart';
import { momentBody, type Moment } from '../kernel/moment';
import { bytesText } from './bytesText';
import { formatVersion, partBody, type FileType } from './fileLines';

/** What stands in a file of a key beside its value. */
export interface KeyHead {
  readonly key: Buffer;
  readonly type: FileType;
  readonly expireAtMs?: Moment;
  /** Memcached client flags. */
  readonly flags?: number;
  /** The server's name of a type that only it can read. */
  readonly typeName?: string;
}

/** Characters of a line at most. */
const longestLine = 1024 * 1024 - 1024;
/** Characters of a piece of a longer one: quotes and backslashes in it double once more. */
const longestPiece = longestLine / 2;

/** The first line of a file. */
export function headerLine(engine: Engine): string {
  return line({ format: 'cachify-keys', version: formatVersion, engine });
}

/** The last line of a file: without it the file is not whole. */
export function footerLine(keys: number, failed: number): string {
  return line({ end: { keys, failed } });
}

/** Takes back the key whose lines were being written. */
export const abandonedLine = line({ abandoned: true });

/** The lines of one key, each with its end. */
export async function* keyLines(
  { key, type, expireAtMs, ...rest }: KeyHead,
  parts: AsyncIterable<ValuePart>,
): AsyncIterable<string> {
  const head = { type, ...(expireAtMs !== undefined && { expireAtMs: momentBody(expireAtMs) }), ...rest };
  let held: { readonly name: 'value' | 'part'; readonly part: ValuePart } | undefined;
  const text = (more: boolean): string => {
    const body = held && { [held.name]: partBody(held.part) };
    const isFirst = held?.name !== 'part';
    return line({ ...(isFirst && { key: bytesText(key), ...head }), ...body, ...(more && { more }) });
  };
  for await (const part of parts) {
    if (held) yield text(true);
    held = { name: held ? 'part' : 'value', part };
  }
  yield text(false);
}

/** An object as a line; one that is too long goes in pieces that make it when joined. */
function line(value: unknown): string {
  const text = JSON.stringify(value);
  if (text.length <= longestLine) return `${text}\n`;
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += longestPiece) pieces.push(text.slice(at, at + longestPiece));
  return pieces
    .map((piece, i) => `${JSON.stringify({ piece, ...(i === pieces.length - 1 && { last: true }) })}\n`)
    .join('');
}
