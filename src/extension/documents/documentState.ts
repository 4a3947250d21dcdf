import type { DocumentContent } from './documentContent';

/** Contents of one document that are remembered: what was read while the editor may still show an older one. */
const remembered = 4;

/**
 * What is known of one document: what was read of the server, and which bytes the editor's text was made from.
 * The two differ whenever something else reads the document while a person types; only the second may be
 * compared with the server when they save.
 */
export class DocumentState {
  /** What the editor's text was made from; undefined for a text that came back with the window. */
  basis: Buffer | undefined;
  /** The person agreed to replace what the server holds, though that is nothing an editor could show. */
  mayReplace = false;
  private contents: readonly DocumentContent[] = [];
  private current: { readonly bytes: Buffer; readonly mtime: number } | undefined;

  constructor(private readonly now: () => number) {}

  /** Size and time of what was shown last; the time rises whenever that is another. */
  get shown(): { readonly size: number; readonly mtime: number } | undefined {
    return this.current && { size: this.current.bytes.length, mtime: this.current.mtime };
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

  /** Notes what the editor wrote; `content` is what the server then had, if it was that. */
  async wrote(bytes: Buffer, content: DocumentContent | undefined): Promise<void> {
    const isServers = await content?.isSame(bytes);
    this.basis = bytes;
    this.mayReplace = false;
    this.contents = content && isServers ? [content] : [];
    this.show(bytes);
  }

  /** The text of an editor without changes: it was made from whatever it is the same as. */
  adopt(text: Buffer): void {
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

  private show(bytes: Buffer): void {
    const before = this.current;
    if (before?.bytes.equals(bytes)) return;
    this.current = { bytes, mtime: Math.max(this.now(), (before?.mtime ?? 0) + 1) };
  }
}
