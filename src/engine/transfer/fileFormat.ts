import type { Engine } from '../connections/profile';
import type { ValuePart } from '../connections/valuePart';
import { abandonedLine, footerLine, headerLine, keyLines, type KeyHead } from './writeLines';

/** How keys are written to a file. */
export interface FileFormat {
  header(engine: Engine): string;
  /** The text of one key, in pieces. Rejects with NOT_SUPPORTED for what the format cannot say. */
  key(head: KeyHead, parts: AsyncIterable<ValuePart>): AsyncIterable<string>;
  /** Takes back the key whose text was begun. */
  readonly abandoned: string;
  footer(keys: number, failed: number): string;
}

/** One JSON object a line: every type of every engine, of any size. */
export const linesFormat: FileFormat = {
  header: headerLine,
  key: keyLines,
  abandoned: abandonedLine,
  footer: footerLine,
};
