import type { Buffer } from 'node:buffer';
import { invalid } from '../kernel/errors';
import { keyName, type KeyName } from '../kernel/keyName';
import { KeyBag } from '../keys/keyBag';
import type { CommandText } from './commandTexts';
import type { Refusal } from './gatheredKey';

/** Names that refused lines may mention: a file that is full of such lines is no export. */
const mostNames = 200_000;

/** What is wrong with a file of commands. */
export interface CommandSurvey {
  /** Keys that are not whole, and names that refused lines mention. */
  readonly refused: ReadonlyMap<KeyName, Refusal>;
  /** Refused lines that are told with their key. */
  readonly lines: ReadonlySet<number>;
}

/**
 * Finds the keys of a file that must not be written because a line of them is refused, cannot be read, or stands apart
 * from the others. Only then can the rest of such a key be kept back: it may stand before that line.
 */
export async function surveyCommands(texts: AsyncIterable<CommandText>): Promise<CommandSurvey> {
  const survey = new Survey();
  for await (const text of texts) survey.add(text);
  return { refused: survey.refused, lines: survey.linesOfKeys() };
}

class Survey {
  readonly refused = new Map<KeyName, Refusal>();
  private readonly seen = new KeyBag();
  private current: KeyName | undefined;
  /** The line before, when it cannot be told which key it is of. */
  private unread: Refusal | undefined;

  add(text: CommandText): void {
    if (text.kind === 'command') this.command(keyName(text.command.key), text.line);
    else if (text.kind === 'refused') this.refuse(text, text.names);
    else if (text.kind === 'unread') this.unreadable(text.line);
    else if (text.kind !== 'seal') this.current = undefined;
  }

  linesOfKeys(): ReadonlySet<number> {
    const ofKeys = [...this.refused].filter(([key]) => this.isSeen(key));
    return new Set(ofKeys.map(([, { line }]) => line));
  }

  private isSeen(key: KeyName): boolean {
    const { size } = this.seen;
    this.seen.add(key);
    return this.seen.size === size;
  }

  private command(key: KeyName, line: number): void {
    if (key !== this.current) {
      // what stands apart is half a value: it would replace the other half, or be left out as a key that exists
      const problem = 'is of a key whose commands stand further above';
      if (this.isSeen(key)) this.mark(key, { line, problem });
      if (this.unread) this.mark(key, this.unread);
    }
    this.current = key;
    this.unread = undefined;
  }

  private refuse({ line, problem }: Refusal, names: readonly Buffer[]): void {
    for (const name of names) this.mark(keyName(name), { line, problem });
    this.current = undefined;
    this.unread = undefined;
  }

  /** It may be of the key before it, and of the one behind it. */
  private unreadable(line: number): void {
    const refusal = { line, problem: 'cannot be read, and may be of this key' };
    if (this.current !== undefined) this.mark(this.current, refusal);
    this.unread ??= refusal;
    this.current = undefined;
  }

  private mark(key: KeyName, refusal: Refusal): void {
    if (!this.refused.has(key)) this.refused.set(key, refusal);
    if (this.refused.size > mostNames)
      throw invalid('The file is full of lines that are refused: it is no export of keys');
  }
}
