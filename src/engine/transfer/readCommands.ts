import type { Buffer } from 'node:buffer';
import { keyName, type KeyName } from '../kernel/keyName';
import type { ParsedCommand } from './commandParser';
import { commandTexts, type CommandText } from './commandTexts';
import { GatheredKey } from './gatheredKey';
import type { FileRecord, OpenedFile } from './readRecords';
import { surveyCommands, type CommandSurvey } from './surveyCommands';

/**
 * Reads a file of Redis commands. Only commands that add data to one key are taken, and those of one key must stand
 * together. A key is given whole, or named with the line that keeps it from being: for that the file is read twice.
 */
export function openCommands(chunks: () => AsyncIterable<Buffer>): OpenedFile {
  return { engine: 'redis', records: recordsOf(chunks) };
}

async function* recordsOf(chunks: () => AsyncIterable<Buffer>): AsyncIterable<FileRecord> {
  const reading = new Reading(await surveyCommands(commandTexts(chunks())));
  for await (const text of commandTexts(chunks())) yield* reading.recordsAt(text);
  yield* reading.recordsAtEnd();
}

/** One reading of a file whose bad keys are known. */
class Reading {
  private gathered: GatheredKey | undefined;
  private hasBegun = false;
  private isOver = false;
  /** Bad keys that were told: another line of theirs is not told again. */
  private readonly told = new Set<KeyName>();

  constructor(private readonly survey: CommandSurvey) {}

  *recordsAt(text: CommandText): Iterable<FileRecord> {
    if (text.kind === 'command') {
      if (this.gathered?.takes(text.command, text.line, text.length)) return;
      yield* this.finished();
      this.gathered = this.begun(text.command, text);
    } else if (text.kind === 'seal') this.gathered?.seal(text.seal);
    else if (text.kind === 'cut') {
      this.isOver = true;
      yield { kind: 'truncated' };
    } else {
      yield* this.finished();
      yield* this.other(text);
    }
  }

  *recordsAtEnd(): Iterable<FileRecord> {
    if (this.isOver) return;
    if (this.hasBegun) yield { kind: 'truncated' };
    else yield* this.finished();
  }

  private *other(text: Exclude<CommandText, { kind: 'command' | 'cut' | 'seal' }>): Iterable<FileRecord> {
    if (text.kind === 'begin') this.hasBegun = true;
    else if (text.kind === 'end') {
      this.isOver = true;
      yield { kind: 'end', keys: text.keys, failed: text.failed };
    } else if (text.kind === 'unread' || !this.survey.lines.has(text.line))
      yield { kind: 'bad', line: text.line, problem: text.problem };
  }

  private *finished(): Iterable<FileRecord> {
    const { gathered } = this;
    this.gathered = undefined;
    if (!gathered) return;
    const record = gathered.record();
    const name = keyName(gathered.key);
    if (record.kind === 'bad' && this.told.has(name)) return;
    if (record.kind === 'bad') this.told.add(name);
    yield record;
  }

  private begun(command: ParsedCommand, { line, length }: CommandText): GatheredKey {
    return new GatheredKey(command, line, length, this.survey.refused.get(keyName(command.key)));
  }
}
