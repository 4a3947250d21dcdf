import { EngineError } from '../../engine/kernel/errors';
import { redactText } from '../../engine/kernel/redact';
import { garbled } from '../net/garbled';
import type { Parser, Reading } from './replyReader';

/** A reply of the meta protocol: its code, its flags by letter, and the value of `VA`. */
export interface MetaReply {
  readonly code: string;
  readonly flags: ReadonlyMap<string, string>;
  readonly data?: Buffer;
}

/** What an old server answers for `HD` and `EN`. */
const modern: ReadonlyMap<string, string> = new Map([
  ['OK', 'HD'],
  ['END', 'EN'],
]);
const metaCodes = new Set(['HD', 'EN', 'NS', 'EX', 'NF', 'MN', ...modern.keys()]);
/** Flags that are numbers: CAS, client flags, hit before, last access, size, time to live. */
const numberFlags = 'cfhlst';

/** `HD f1 t-1`, `VA 3 f0\r\nabc`, `EN`, `NS`, `EX`, `NF`, `MN`; an old server answers `OK` for `HD` and `END` for `EN`. */
export const metaParser: Parser<MetaReply> = function* () {
  const [code = '', ...rest] = (yield* line()).split(' ');
  if (code === 'VA') {
    const [size, ...flags] = rest;
    return { code, flags: flagsOf(flags), data: yield* block(sizeOf(size)) };
  }
  if (!metaCodes.has(code)) throw unexpected();
  return { code: modern.get(code) ?? code, flags: flagsOf(rest) };
};

/** An item as `gets <key>` gives it: `VALUE key flags size cas`, the value, `END`; undefined when there is none. */
export function valueParser(key: Buffer): Parser<{ flags: number; cas: string; data: Buffer } | undefined> {
  return function* () {
    const first = yield* line();
    if (first === 'END') return undefined;
    const [code, name, flags, size, cas = '0'] = first.split(' ');
    if (code !== 'VALUE' || name !== key.toString('latin1')) throw unexpected();
    const data = yield* block(sizeOf(size));
    if ((yield* line()) !== 'END') throw unexpected();
    return { flags: wholeNumber(flags), cas: wholeText(cas), data };
  };
}

/** `STAT name value` lines up to `END`. */
export const statsParser: Parser<Map<string, string>> = function* () {
  const stats = new Map<string, string>();
  for (;;) {
    const [word, name = '', ...value] = (yield* line()).split(' ');
    if (word === 'END' || word === 'RESET') return stats;
    if (word !== 'STAT') throw unexpected();
    stats.set(name, value.join(' '));
  }
};

/** A reply of one line, which is an error or one of those that the command has. */
export function wordParser(replies: RegExp): Parser<string> {
  return function* () {
    const word = yield* line();
    if (!replies.test(word)) throw unexpected();
    return word;
  };
}

/** A number that a server tells; anything but digits, a sign, and what can be held exactly, is none. */
export function wholeNumber(text: string | undefined): number {
  const number = Number(wholeText(text));
  if (Number.isSafeInteger(number)) return number;
  throw garbled('Memcached', 'a number that is too large');
}

function wholeText(text = ''): string {
  if (/^-?\d{1,20}$/.test(text)) return text;
  throw garbled('Memcached', 'a number that has other characters than digits');
}

function sizeOf(text = ''): number {
  // larger ones than any item has are told from these by the reader
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw garbled('Memcached', 'a value without its size');
}

function flagsOf(words: readonly string[]): Map<string, string> {
  const flags = new Map(words.map((word) => [word.charAt(0), word.slice(1)]));
  for (const letter of numberFlags) if (flags.has(letter)) wholeText(flags.get(letter));
  return flags;
}

/** A line that is no error. */
function* line(): Reading<string> {
  const text = (yield 'line').toString('latin1');
  throwIfError(text);
  return text;
}

/** A value and the end of its line. */
function* block(size: number): Reading<Buffer> {
  const bytes = yield size + 2;
  if (bytes.toString('latin1', size) !== '\r\n')
    throw garbled('Memcached', 'a value that is not as long as was said');
  return bytes.subarray(0, size);
}

function unexpected(): EngineError {
  return garbled('Memcached', 'a reply that the command does not have');
}

/** Throws what an error line means: permission, lack of memory, a command that is not known, or a refused input. */
export function throwIfError(line: string): void {
  if (!/^(ERROR|CLIENT_ERROR|SERVER_ERROR)\b/.test(line)) return;
  const text = `The server answered: ${redactText(line.slice(0, 200))}`;
  if (/unauthenticated|authentication failure/.test(line)) {
    const reason = line.includes('failure') ? 'wrong-password' : 'password-needed';
    throw new EngineError('UNAUTHORIZED', reason, text);
  }
  if (/out of memory|too large/.test(line)) throw new EngineError('CONNECTION_FAILED', 'server-full', text);
  if (/busy|too many open connections/i.test(line))
    throw new EngineError('CONNECTION_FAILED', 'server-busy', text, { retryable: true });
  if (line.startsWith('SERVER_ERROR')) throw new EngineError('INTERNAL_ERROR', 'server-error', text);
  throw new EngineError('NOT_SUPPORTED', 'unsupported', text);
}
