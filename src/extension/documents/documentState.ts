import type { DocumentContent } from './documentContent';

/** Contents of one document that are remembered: what was read while the editor may still show an older one. */
const remembered = 4;

/** Size and time by which the editor knows a file. */
export interface FileTimes {
  readonly size: number;
  readonly mtime: number;
}

/**
 * What is known of one document: what was read of the server, and which bytes the editor's text was made from.
 * The two differ whenever something else reads the document while a person types; only the second may be
 * compared with the server when they save.
 */
export class DocumentState {
  /** What the editor's text was made from; undefined for a text that came back with the window. */
  basis: Buffer | undefined;
  /** What stands in the way of the text, and was told already when it was looked at before: it may be replaced. */
  replaceable: DocumentContent | undefined;
  private found: DocumentContent | undefined;
  private isWritten = false;
  private isMet = false;
  private contents: readonly DocumentContent[] = [];
  private newest = 0;
  private current: { readonly bytes: Buffer; readonly mtime: number } | undefined;

  constructor(private readonly now: () => number) {}

  /** Size and time of what was shown last; the time rises whenever that is another. */
  get shown(): FileTimes {
    return { size: this.current?.bytes.length ?? 0, mtime: this.current?.mtime ?? 0 };
  }

  get latest(): DocumentContent | undefined {
    return this.contents.at(-1);
  }

  /** Notes what was read. */
  read(content: DocumentContent): void {
    const isAnother = !this.latest?.shown.equals(content.shown);
    const others = isAnother ? this.contents.slice(1 - remembered) : this.contents.slice(0, -1);
    this.contents = [...others, content];
    this.show(content.shown);
  }

  /** What the editor asks for right after it wrote: what it wrote. Undefined at any other time. */
  takeWritten(): FileTimes | undefined {
    const wasWritten = this.isWritten;
    this.isWritten = false;
    return wasWritten ? this.shown : undefined;
  }

  /**
   * The file as `text`, which is not saved, meets it. The editor takes a file for changed when it is newer and of
   * another size: no text has a negative one, so that a change that keeps the size is seen too.
   */
  async meet(theirs: DocumentContent, text: Buffer): Promise<FileTimes> {
    this.isMet = true;
    if ((await theirs.isSame(this.basis ?? text)) || (await theirs.isSame(text))) {
      this.forgetFound();
      return { size: theirs.shown.length, mtime: 0 };
    }
    const isTold = this.found && (await theirs.isSame(this.found.shown));
    this.replaceable = isTold ? theirs : undefined;
    this.found = theirs;
    const mtime = this.nextTime();
    return { size: -mtime, mtime };
  }

  /** Whether the file was met by a text that was given up since. */
  takeMet(): boolean {
    const wasMet = this.isMet;
    this.isMet = false;
    return wasMet;
  }

  /** Notes what the editor wrote; `content` is what the server then had, if it was that. */
  async wrote(bytes: Buffer, content: DocumentContent | undefined): Promise<void> {
    const isServers = await content?.isSame(bytes);
    this.basis = bytes;
    this.isWritten = true;
    this.isMet = false;
    this.forgetFound();
    this.contents = content && isServers ? [content] : [];
    this.show(bytes);
  }

  /** The text of an editor without changes: it was made from whatever it is the same as. */
  adopt(text: Buffer): void {
    this.forgetFound();
    const found = this.contents.findLast(({ shown }) => shown.equals(text));
    if (found) this.basis = found.shown;
  }

  /** The content that the editor's text was made from, if it is still known. */
  async basisContent(): Promise<DocumentContent | undefined> {
    const { basis, contents } = this;
    if (!basis) return undefined;
    for (const content of contents.toReversed()) if (await content.isSame(basis)) return content;
    return undefined;
  }

  private forgetFound(): void {
    this.found = undefined;
    this.replaceable = undefined;
  }

  private show(bytes: Buffer): void {
    if (!this.current?.bytes.equals(bytes)) this.current = { bytes, mtime: this.nextTime() };
  }

  private nextTime(): number {
    this.newest = Math.max(this.now(), this.newest + 1);
    return this.newest;
  }
}
