import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { keyName } from '../../engine/kernel/keyName';
import { changeKey } from '../../engine/keys/changeKey';
import { keyLabel } from '../../engine/keys/keyLabel';
import { editableBytes } from '../../engine/keys/openValue';
import type { App } from '../app';
import type { DocumentContent } from './documentContent';
import { failed, fileError, notAllowed, readOnlyText } from './documentMessages';
import { lookAt, placeOfUri, readDocument, type DocumentPlace } from './documentPlace';
import { DocumentState, type FileTimes } from './documentState';
import { isFolderOf } from './documentTarget';
import { hasMark } from './documentText';

const t = vscode.l10n.t;

/**
 * Values as files: what the editor reads and saves. A save compares with the bytes the editor's text was made
 * from; whoever changed the value meanwhile is not overwritten. The editor itself says so, compares and offers to
 * overwrite: it does when the file it is about to write turns out to be newer. Never connects by itself, and
 * watches nothing.
 */
export class ValueFiles implements vscode.FileSystemProvider {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  private readonly states = new Map<string, DocumentState>();
  readonly onDidChangeFile = this.changes.event;

  constructor(private readonly app: App) {}

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.reporting(async () => {
      const place = await placeOfUri(this.app, uri);
      if (isFolderOf(uri.path, place.target))
        return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
      const state = this.state(uri);
      const written = state.takeWritten();
      const text = unsavedText(uri);
      // never read-only: the person would be left with a text that they can neither save nor replace
      if (text) return file(written ?? (await state.meet(await lookAt(this.app, place), text)));
      state.read(await lookAt(this.app, place));
      const isReadOnly = state.latest?.readOnly ?? this.app.gate.lock(place.connection);
      return file(state.shown, isReadOnly && vscode.FilePermission.Readonly);
    });
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.reporting(async () => {
      const content = await readDocument(this.app, await placeOfUri(this.app, uri));
      this.state(uri).read(content);
      return content.shown;
    });
  }

  async writeFile(uri: vscode.Uri, written: Uint8Array): Promise<void> {
    return this.reporting(async () => {
      const bytes = Buffer.from(written);
      requireText(bytes);
      const place = await placeOfUri(this.app, uri);
      const state = this.state(uri);
      const basis = await this.basis(uri, place, state, bytes);
      if (await basis.isSame(bytes)) await state.wrote(bytes, basis);
      else await this.write(uri, place, basis, bytes);
    });
  }

  /** What an editor without unsaved changes shows is what its next save is compared with. */
  follow(document: vscode.TextDocument): void {
    const { uri } = document;
    const state = this.states.get(uri.toString());
    if (!state || document.isDirty) return;
    state.adopt(Buffer.from(document.getText()));
    // what was given up may have been met by something that is read-only
    if (state.takeMet()) this.changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  forget(uri: vscode.Uri): void {
    this.states.delete(uri.toString());
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(): void {
    throw notAllowed(t('Keys are created, renamed and deleted in the Cachify view.'));
  }

  delete(): void {
    throw notAllowed(t('Keys are created, renamed and deleted in the Cachify view.'));
  }

  rename(): void {
    throw notAllowed(t('Keys are created, renamed and deleted in the Cachify view.'));
  }

  /** What the text to be saved was made from, or a conflict when that is not what the server holds. */
  private async basis(
    uri: vscode.Uri,
    place: DocumentPlace,
    state: DocumentState,
    bytes: Buffer,
  ): Promise<DocumentContent> {
    // only an editor that was told of a conflict, and was bidden to overwrite, goes on to write its text
    const agreed = unsavedText(uri)?.equals(bytes) ? state.replaceable : undefined;
    const known = agreed ?? (await state.basisContent());
    if (known) return known;
    const theirs = await readDocument(this.app, place);
    const isOurs = await theirs.isSame(state.basis ?? bytes);
    if (isOurs) return theirs;
    throw this.conflict(uri, place);
  }

  private async write(
    uri: vscode.Uri,
    place: DocumentPlace,
    basis: DocumentContent,
    bytes: Buffer,
  ): Promise<void> {
    const isRefused = basis.readOnly && basis !== this.state(uri).replaceable;
    if (!basis.changeTo || isRefused) throw cannotReplace(basis);
    const outcome = await changeKey(this.app.gate, requestOf(place), basis.changeTo(bytes));
    if (outcome.status === 'unknown') throw unknownOutcome();
    if (outcome.status === 'applied') await this.state(uri).wrote(bytes, await this.again(place));
    else await this.collided(uri, place, bytes);
  }

  /** Whoever came first may have made the very same change. */
  private async collided(uri: vscode.Uri, place: DocumentPlace, bytes: Buffer): Promise<void> {
    const theirs = await readDocument(this.app, place);
    if (!(await theirs.isSame(bytes))) throw this.conflict(uri, place);
    await this.state(uri).wrote(bytes, theirs);
  }

  /** The change is made, whether or not the value can be read again now. */
  private async again(place: DocumentPlace): Promise<DocumentContent | undefined> {
    try {
      return await readDocument(this.app, place);
    } catch {
      return undefined;
    }
  }

  private conflict(uri: vscode.Uri, { target }: DocumentPlace): Error {
    const label = keyLabel(keyName(target.key));
    const isKnown = this.state(uri).basis !== undefined;
    return failed(isKnown ? changedText(label) : returnedText(label));
  }

  private state(uri: vscode.Uri): DocumentState {
    const known = this.states.get(uri.toString());
    if (known) return known;
    const state = new DocumentState(() => this.app.clock.now());
    this.states.set(uri.toString(), state);
    return state;
  }

  private async reporting<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      throw fileError(thrown);
    }
  }
}

/** What an editor holds of a document and has not saved. */
function unsavedText(uri: vscode.Uri): Buffer | undefined {
  const address = uri.toString();
  const document = vscode.workspace.textDocuments.find(
    (each) => each.isDirty && each.uri.toString() === address,
  );
  return document && Buffer.from(document.getText());
}

function file(times: FileTimes, permissions?: vscode.FilePermission): vscode.FileStat {
  return { type: vscode.FileType.File, ctime: 0, ...times, ...(permissions && { permissions }) };
}

/** Another encoding, or a byte order mark, would be something nobody typed. */
function requireText(bytes: Buffer): void {
  if (bytes.length > editableBytes)
    throw failed(t('Values above 1 MiB cannot be saved here. Nothing was saved.'));
  if (isUtf8(bytes) && !hasMark(bytes)) return;
  throw failed(
    t('Values are saved as UTF-8 without a byte order mark: choose that encoding. Nothing was saved.'),
  );
}

function cannotReplace({ readOnly }: DocumentContent): Error {
  const nextStep = t('Nothing was saved: keep your text with “Save As…”, or revert it.');
  return notAllowed([readOnly && readOnlyText(readOnly), nextStep].join(' '));
}

function requestOf({ target, connection, namespace }: DocumentPlace) {
  return {
    requestId: randomUUID(),
    connectionId: connection.profile.id,
    db: target.db,
    ...(namespace && { namespace: namespace.name }),
    action: 'value.save',
    target: keyLabel(keyName(target.key)),
    destructive: false,
  };
}

function changedText(label: string): string {
  return t(
    '{0} was changed on the server meanwhile. Nothing was saved: compare with the server, then decide.',
    label,
  );
}

/** Of a text that hot exit kept. */
function returnedText(label: string): string {
  return t(
    'What {0} was when this text was typed is not known any more. Nothing was saved: compare with the server, then decide.',
    label,
  );
}

function unknownOutcome(): Error {
  return failed(
    t('The reply of the server was lost, so the change may or may not have happened. Save again to see.'),
  );
}
