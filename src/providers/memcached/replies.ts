import { EngineError } from '../../engine/kernel/errors';
import { redactText } from '../../engine/kernel/redact';

/** A reply found at the start of a buffer, and how many bytes it took; undefined while it is incomplete. */
export type Parser<T> = (buffer: Buffer) => { readonly value: T; readonly used: number } | undefined;

/** A reply of the meta protocol: its code, its flags by letter, and the value of `VA`. */
export interface MetaReply {
  readonly code: string;
  readonly flags: ReadonlyMap<string, string>;
  readonly data?: Buffer;
}

/** The first line, without its end. */
export const lineParser: Parser<string> = (buffer) => {
  const end = buffer.indexOf('\r\n');
  return end < 0 ? undefined : { value: buffer.toString('latin1', 0, end), used: end + 2 };
};

/** `HD f1 t-1`, `VA 3 f0\r\nabc`, `EN`, `NS`, `EX`, `NF`, `MN`; an old server answers `OK` for `HD` and `END` for `EN`. */
export const metaParser: Parser<MetaReply> = (buffer) => {
  const line = lineParser(buffer);
  if (!line) return undefined;
  throwIfError(line.value);
  const [code = '', ...rest] = line.value.split(' ');
  if (code !== 'VA') return { value: { code: modern(code), flags: flagsOf(rest) }, used: line.used };
  const size = Number(rest[0]);
  const end = line.used + size;
  if (buffer.length < end + 2) return undefined;
  const data = Buffer.from(buffer.subarray(line.used, end));
  return { value: { code, flags: flagsOf(rest.slice(1)), data }, used: end + 2 };
};

/** An item as `gets` gives it: `VALUE key flags size cas`, the value, `END`; undefined as value when there is none. */
export const valueParser: Parser<{ flags: number; cas: string; data: Buffer } | undefined> = (buffer) => {
  const line = lineParser(buffer);
  if (!line) return undefined;
  throwIfError(line.value);
  if (line.value === 'END') return { value: undefined, used: line.used };
  const [flags = '0', size = '0', cas = '0'] = line.value.split(' ').slice(2);
  const end = line.used + Number(size);
  const used = end + '\r\nEND\r\n'.length;
  if (buffer.length < used) return undefined;
  return { value: { flags: Number(flags), cas, data: Buffer.from(buffer.subarray(line.used, end)) }, used };
};

function modern(code: string): string {
  return code === 'OK' ? 'HD' : code === 'END' ? 'EN' : code;
}

function flagsOf(words: readonly string[]): Map<string, string> {
  return new Map(words.map((word) => [word.charAt(0), word.slice(1)]));
}

/** `STAT name value` lines up to `END`. */
export const statsParser: Parser<Map<string, string>> = (buffer) => {
  const stats = new Map<string, string>();
  for (let at = 0; ;) {
    const line = lineParser(buffer.subarray(at));
    if (!line) return undefined;
    at += line.used;
    throwIfError(line.value);
    if (line.value === 'END' || line.value === 'RESET') return { value: stats, used: at };
    const [, name = '', ...value] = line.value.split(' ');
    stats.set(name, value.join(' '));
  }
};

/** A reply of one line that must not be an error. */
export const wordParser: Parser<string> = (buffer) => {
  const line = lineParser(buffer);
  if (line) throwIfError(line.value);
  return line;
};

/** Throws what an error line means: permission, lack of memory, a command that is not known, or a refused input. */
export function throwIfError(line: string): void {
  if (!/^(ERROR|CLIENT_ERROR|SERVER_ERROR)\b/.test(line)) return;
  const text = `The server answered: ${redactText(line.slice(0, 200))}`;
  if (/unauthenticated|authentication failure/.test(line)) {
    const reason = line.includes('failure') ? 'wrong-password' : 'password-needed';
    throw new EngineError('UNAUTHORIZED', reason, text);
  }
  if (/out of memory|too large/.test(line)) throw new EngineError('CONNECTION_FAILED', 'server-full', text);
  if (/busy/i.test(line))
    throw new EngineError('CONNECTION_FAILED', 'server-busy', text, { retryable: true });
  if (line.startsWith('SERVER_ERROR')) throw new EngineError('INTERNAL_ERROR', 'server-error', text);
  throw new EngineError('NOT_SUPPORTED', 'unsupported', text);
}
