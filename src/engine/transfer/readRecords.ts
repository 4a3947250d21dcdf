import type { Buffer } from 'node:buffer';
import * as v from 'valibot';
import type { Engine } from '../connections/profile';
import type { ValuePart } from '../connections/valuePart';
import { EngineError, invalid } from '../kernel/errors';
import { headerSchema, partSchemas, type FileLine } from './fileLines';
import { jsonOf, LineSource, type ReadLine } from './lineSource';
import { textLines } from './textLines';
import type { KeyHead } from './writeLines';

/** A key of a file. Its parts are read from the file as they are asked for, once. */
export interface KeyRecord extends KeyHead {
  readonly kind: 'key';
  readonly line: number;
  /** The value stands in one line: its parts can be held. */
  readonly isShort: boolean;
  readonly parts: AsyncIterable<ValuePart>;
}

/** What a file holds, in order. `truncated`: it ends without its last line. */
export type FileRecord =
  | KeyRecord
  /** `key`: whose value is therefore not given. */
  | { readonly kind: 'bad'; readonly line: number; readonly problem: string; readonly key?: Buffer }
  | { readonly kind: 'end'; readonly keys: number; readonly failed: number }
  | { readonly kind: 'truncated' };

/** A file of keys whose first line was read. */
export interface OpenedFile {
  readonly engine: Engine;
  readonly records: AsyncIterable<FileRecord>;
}

/** Reads the first line of a file of keys; rejects with VALIDATION_ERROR when it is none of ours. */
export async function openRecords(chunks: AsyncIterable<Buffer>): Promise<OpenedFile> {
  const lines = textLines(chunks)[Symbol.asyncIterator]();
  const first = await lines.next();
  const header = v.safeParse(headerSchema, first.done ? undefined : jsonOf(first.value.text ?? ''));
  if (header.success) return { engine: header.output.engine, records: recordsOf(new LineSource(lines)) };
  await lines.return?.();
  const isLater = header.issues.some((issue) => v.getDotPath(issue) === 'version');
  throw invalid(
    isLater
      ? 'The file was written by a later version of this extension. Update it to read the file'
      : 'The file is no export of keys: its first line does not say so',
  );
}

async function* recordsOf(source: LineSource): AsyncIterable<FileRecord> {
  // parts whose key could not be read go with it
  let isTold = false;
  for (let next = await source.next(); next; next = await source.next()) {
    if ('problem' in next) {
      yield bad(next);
      isTold = true;
    } else if ('key' in next.line) {
      const rest = new RecordParts(source, next.line, next.number);
      yield {
        kind: 'key',
        line: next.number,
        isShort: next.line.more !== true && !next.isJoined,
        ...headOf(next.line),
        parts: rest,
      };
      isTold = await rest.skip();
    } else if ('end' in next.line) {
      yield { kind: 'end', ...next.line.end };
      return;
    } else if (!isTold) {
      yield bad({ number: next.number, problem: 'belongs to no key' });
      isTold = true;
    }
  }
  yield { kind: 'truncated' };
}

function bad({ number, problem }: Extract<ReadLine, { problem: string }>): FileRecord {
  return { kind: 'bad', line: number, problem };
}

type KeyLine = Extract<FileLine, { key: Buffer }>;

function headOf({ key, type, expireAtMs, flags, typeName }: KeyLine): KeyHead {
  return {
    key,
    type,
    ...(expireAtMs !== undefined && { expireAtMs }),
    ...(flags !== undefined && { flags }),
    ...(typeName !== undefined && { typeName }),
  };
}

/** The parts of one key, taken from the lines that follow it. */
class RecordParts implements AsyncIterable<ValuePart> {
  private isOver: boolean;
  private hasFailed = false;
  private first: unknown;

  constructor(
    private readonly source: LineSource,
    private readonly head: KeyLine,
    private readonly line: number,
  ) {
    this.first = head.value;
    this.isOver = head.value === undefined;
  }

  /** Leaving early does not end it: `skip` finds the next key. */
  [Symbol.asyncIterator](): AsyncIterator<ValuePart> {
    return { next: () => this.next() };
  }

  /** Reads on to the next key; tells whether lines of this one may be left over. */
  async skip(): Promise<boolean> {
    try {
      while (!(await this.next()).done);
      return false;
    } catch {
      return true;
    }
  }

  private async next(): Promise<IteratorResult<ValuePart>> {
    if (this.hasFailed) throw this.failure(this.line, 'could not be read whole');
    if (this.first !== undefined) return this.take(this.first, this.line, this.head.more);
    if (this.isOver) return this.ended();
    const next = await this.source.peek();
    if (!next) throw this.failure(this.line, 'begins a value that the end of the file cuts off');
    if ('problem' in next) throw this.failure(next.number, next.problem);
    if ('abandoned' in next.line)
      throw this.failure(next.number, 'says that the key could not be exported whole');
    if (!('part' in next.line)) throw this.failure(next.number, 'comes where the rest of a value should be');
    await this.source.next();
    return this.take(next.line.part, next.number, next.line.more);
  }

  /** The line before said that nothing follows: a line that says otherwise means that one of them is missing. */
  private async ended(): Promise<IteratorResult<ValuePart>> {
    const next = await this.source.peek();
    if (next && !('problem' in next) && ('part' in next.line || 'abandoned' in next.line))
      throw this.failure(next.number, 'goes on with a value that was said to be whole');
    return { done: true, value: undefined };
  }

  private take(body: unknown, line: number, more: boolean | undefined): IteratorResult<ValuePart> {
    this.first = undefined;
    this.isOver = more !== true;
    const parsed = v.safeParse(partSchemas[this.head.type], body);
    if (!parsed.success) throw this.failure(line, `holds no value of type ${this.head.type}`);
    const part = parsed.output;
    return { done: false, value: part.kind === 'item' ? { ...part, flags: this.head.flags ?? 0 } : part };
  }

  private failure(line: number, what: string): EngineError {
    this.hasFailed = true;
    return new EngineError('VALIDATION_ERROR', 'invalid', `Line ${line} ${what}`, { details: { line } });
  }
}
