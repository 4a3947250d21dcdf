import { EngineError } from '../../engine/kernel/errors';
import { PackedNames } from '../../engine/kernel/nameBatch';
import { throwIfError } from './replies';

const newline = 10;
const space = 32;
const percent = 37;
const minus = 45;
/** Length of `key=` and of ` exp=`. */
const keyWord = 4;
const expiryWord = 5;
const prefix = Buffer.from('key=');
/** What follows a name is at least ` exp=-1 la=0 cas=0`. */
const shortestRest = 18;

/** What a chunk of a dump held: keys of whole lines, and whether the dump has ended. */
export interface DumpPart {
  readonly keys: PackedNames;
  readonly ended: boolean;
}

/**
 * Takes chunks of a metadump and gives the keys of the whole lines in them; keeps the rest for the next chunk.
 * Lines are `key=<URI-encoded> exp=<seconds or -1> la=… cas=… fetch=… cls=… size=…`, then `END`. Works on bytes:
 * a million lines take a fifth of the time that splitting text does.
 */
export function dumpParser(serverNow: number): (chunk: Buffer) => DumpPart {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const names = new NameWriter(bytes.length);
    const last = bytes.lastIndexOf(newline);
    let at = 0;
    while (at <= last) {
      if (isKeyLine(bytes, at)) at = takeKey(bytes, at + keyWord, serverNow, names);
      else {
        const end = bytes.indexOf(newline, at);
        if (isEnd(bytes.toString('latin1', at, end).trimEnd())) return { keys: names.packed(), ended: true };
        at = end + 1;
      }
    }
    rest = bytes.subarray(at);
    return { keys: names.packed(), ended: false };
  };
}

/** Names of one chunk as they are written, one after the other. */
class NameWriter {
  readonly bytes: Buffer;
  length = 0;
  private readonly ends: number[] = [];

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafe(capacity);
  }

  /** Ends the name that was written up to `length`. */
  keep(): void {
    this.ends.push(this.length);
  }

  packed(): PackedNames {
    return new PackedNames(this.bytes, this.ends);
  }
}

function isKeyLine(bytes: Buffer, at: number): boolean {
  return bytes[at] === prefix[0] && bytes[at + 1] === prefix[1] && bytes[at + 3] === prefix[3];
}

/** Adds the name that starts at `from` unless its item has expired; gives the start of the next line. */
function takeKey(bytes: Buffer, from: number, serverNow: number, names: NameWriter): number {
  const target = names.bytes;
  let length = names.length;
  let at = from;
  for (let byte = bytes[at] as number; byte !== space; byte = bytes[++at] as number) {
    if (byte === percent) {
      byte = hexDigit(bytes[at + 1]) * 16 + hexDigit(bytes[at + 2]);
      at += 2;
    }
    target[length++] = byte;
  }
  if (!hasExpired(bytes, at + expiryWord, serverNow)) {
    names.length = length;
    names.keep();
  }
  at += shortestRest;
  while (bytes[at] !== newline) at++;
  return at + 1;
}

function hasExpired(bytes: Buffer, from: number, serverNow: number): boolean {
  if (bytes[from] === minus) return false;
  let seconds = 0;
  for (let at = from; bytes[at] !== space && at < bytes.length; at++)
    seconds = seconds * 10 + (bytes[at] ?? 0) - 48;
  return seconds > 0 && seconds < serverNow;
}

function hexDigit(byte = 0): number {
  return byte <= 57 ? byte - 48 : (byte | 32) - 87;
}

function isEnd(line: string): boolean {
  if (line.startsWith('BUSY')) {
    const message = 'Another client is listing the keys of this server';
    throw new EngineError('CONNECTION_FAILED', 'server-busy', message, { retryable: true });
  }
  throwIfError(line);
  return line === 'END';
}
