import type { Buffer } from 'node:buffer';
import { commandsBegin, commandsEnd, commandsSeal } from './commandFormat';
import { splitCommandLine } from './commandLine';
import { keyOf, parseCommand, type ParsedCommand } from './commandParser';
import { textLines, type TextLine } from './textLines';

/** What one line of a file of commands is. `names` are all words that may be the name of a key which it is about. */
export type CommandText = { readonly line: number; readonly length: number } & (
  | { readonly kind: 'command'; readonly command: ParsedCommand }
  | { readonly kind: 'refused'; readonly problem: string; readonly names: readonly Buffer[] }
  /** Not even the key it is about can be told. */
  | { readonly kind: 'unread'; readonly problem: string }
  | Echoed
  /** The line stops in the middle: the file was cut off. */
  | { readonly kind: 'cut' }
);

const unreadable = 'is no command as redis-cli writes it';

/** The lines of a file of commands that say something, up to the line that ends it. */
export async function* commandTexts(chunks: AsyncIterable<Buffer>): AsyncIterable<CommandText> {
  for await (const line of textLines(chunks)) {
    if (line.text?.trim() === '' && line.isEnded) continue;
    const text = commandText(line);
    yield text;
    if (text.kind === 'cut' || text.kind === 'end') return;
  }
}

function commandText({ number, text, isEnded }: TextLine): CommandText {
  const own = { line: number, length: text?.length ?? 0 };
  // a number that was cut off would be another number
  if (!isEnded) return { ...own, kind: 'cut' };
  if (text === undefined) return { ...own, kind: 'unread', problem: unreadable };
  const { args, isWhole } = splitCommandLine(text);
  if (!isWhole) {
    const key = keyOf(args);
    if (!key) return { ...own, kind: 'unread', problem: unreadable };
    return { ...own, kind: 'refused', problem: unreadable, names: [key] };
  }
  const echoed = echoOf(args);
  if (echoed) return { ...own, ...echoed };
  const command = parseCommand(args);
  if (command) return { ...own, kind: 'command', command };
  const problem = 'is refused: only commands that add data to one key are taken';
  return { ...own, kind: 'refused', problem, names: args.slice(1) };
}

/** A line that is about the file, or about the serialised value before it. */
type Echoed =
  | { readonly kind: 'begin' }
  | { readonly kind: 'seal'; readonly seal: string }
  | { readonly kind: 'end'; readonly keys: number; readonly failed: number };

function echoOf(args: readonly Buffer[]): Echoed | undefined {
  const [name = '', echoed = ''] = args.slice(0, 2).map(String);
  if (name.toUpperCase() !== 'ECHO') return undefined;
  if (echoed === commandsBegin) return { kind: 'begin' };
  if (echoed.startsWith(`${commandsSeal} `))
    return { kind: 'seal', seal: echoed.slice(commandsSeal.length + 1) };
  const [, keys, failed] = new RegExp(`^${commandsEnd} (\\d+) (\\d+)$`).exec(echoed) ?? [];
  return keys === undefined ? undefined : { kind: 'end', keys: Number(keys), failed: Number(failed) };
}
