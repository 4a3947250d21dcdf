import { keyBytes } from '../../engine/kernel/keyName';
import { bytesText } from '../../engine/transfer/bytesText';
import type { KeyResult } from '../../engine/transfer/importJob';
import { fileSink, type FileUri } from './transferFiles';

/** What became of each key of an import: kept until it is known whether anyone wants it as a file. */
export class ResultsFile {
  private lines: string[] = [];

  constructor(private readonly imported: FileUri) {}

  add({ line, key, fate, reason }: KeyResult): void {
    const own = key === undefined ? {} : { key: bytesText(keyBytes(key)) };
    this.lines.push(`${JSON.stringify({ line, ...own, fate, ...(reason !== undefined && { reason }) })}\n`);
  }

  /** Writes it beside the imported file; gives its path. */
  async keep(): Promise<string> {
    const fsPath = `${this.imported.fsPath}.results.jsonl`;
    const sink = await fileSink({ scheme: this.imported.scheme, fsPath });
    try {
      for (const line of this.lines) await sink.write(line);
      await sink.commit();
    } catch (thrown) {
      await sink.discard();
      throw thrown;
    }
    return fsPath;
  }

  /** Forgets it. */
  discard(): void {
    this.lines = [];
  }
}
