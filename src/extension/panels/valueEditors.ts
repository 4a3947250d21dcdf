import * as vscode from 'vscode';
import { invalid, toEngineError } from '../../engine/kernel/errors';
import type { KeyName } from '../../engine/kernel/keyName';
import { keyLabel } from '../../engine/keys/keyLabel';
import { valueEvents, valueMethods } from '../../protocol/value';
import type { App } from '../app';
import { errorText } from '../messages';
import { plainError } from '../plainText';
import { warn } from '../prompts';
import { keyNode, placePrefix, type KeyNode, type PlaceNode } from '../trees/nodes';
import { deleteBackup, type DraftBackup, readBackup } from './draftBackup';
import type { DraftStep } from './heldDrafts';
import { LostValue } from './lostValue';
import type { Panel, Panels, Surface } from './panel';
import { nodeOfUri, openPanelUri, panelTab, panelUri, valueViewType } from './valueAddress';
import { ValueDocument } from './valueDocument';
import { valueHandlers } from './valueHandlers';
import { ValueSession } from './valueSession';

const t = vscode.l10n.t;

/** Milliseconds in which the editor asks for the undo of a step that it shows as undone. */
const undoneWithin = 300;

/** Acts after which a page that replaced the one that asked shows what is no longer there. */
const writes = ['value/save', 'value/setTtl', 'value/removeTtl', 'value/undo', 'value/delete'];

type EditEvent = vscode.CustomDocumentEditEvent<ValueDocument | LostValue>;

/** The value panels of a window, as a custom editor of VS Code: it keeps their tabs, asks on close, and backs up. */
export class ValueEditors implements vscode.CustomEditorProvider<ValueDocument | LostValue> {
  private readonly edits = new vscode.EventEmitter<EditEvent>();
  private readonly open = new Set<ValueDocument>();
  /** Documents that are being told to the editor as saved, since they have no edit any more. */
  private readonly settling = new Set<ValueDocument>();
  /** Documents that the editor saves: it knows by itself that they are saved then. */
  private readonly saving = new Set<ValueDocument>();
  /** Documents whose edit the editor does not show as such yet. */
  private readonly announced = new Set<ValueDocument>();
  readonly onDidChangeCustomDocument = this.edits.event;

  constructor(
    private readonly app: App,
    private readonly panels: Panels,
  ) {}

  /** Registers the editor; the handle frees what is still open. */
  register(): vscode.Disposable {
    const options = { supportsMultipleEditorsPerDocument: false };
    return vscode.Disposable.from(
      vscode.window.registerCustomEditorProvider(valueViewType, this, options),
      vscode.window.tabGroups.onDidChangeTabs(() => this.agreeAll()),
      this.edits,
    );
  }

  /** Shows the panel of a key: the one there is, or a new one in the active column. */
  async show(node: KeyNode): Promise<void> {
    const uri = openPanelUri(node) ?? panelUri(node);
    await vscode.commands.executeCommand('vscode.openWith', uri, valueViewType, { preview: false });
  }

  /** Reads again what is shown of a database after an act elsewhere. */
  refresh(place: PlaceNode): void {
    for (const document of this.open) {
      const shown = document.session.node.place;
      if (shown.connection === place.connection && shown.db === place.db) void this.push(document);
    }
  }

  /**
   * A key was renamed: its panel goes on with the new name, in a tab of that. One with unsaved changes stays as it is,
   * and says so: what was typed is of a key that is gone, and can be copied.
   */
  async follow(source: KeyNode, to: KeyName): Promise<void> {
    for (const document of this.open) {
      const { place, key } = document.session.node;
      const isOther = place.connection !== source.place.connection || place.db !== source.place.db;
      if (isOther || key !== source.key) continue;
      const renamed = keyNode(place, to, placePrefix(place));
      if (document.isDirty) warn(keptText(document.session.label, keyLabel(to)));
      else await replaceTab(document.uri, openPanelUri(renamed) ?? panelUri(renamed));
    }
  }

  async openCustomDocument(
    uri: vscode.Uri,
    { backupId }: vscode.CustomDocumentOpenContext,
  ): Promise<ValueDocument | LostValue> {
    const from = backupId === undefined ? undefined : vscode.Uri.parse(backupId);
    const content = from && (await this.restored(from));
    const node = await this.nodeOf(uri);
    if (!node) {
      const error = invalid(t('The connection of this value does not exist any more.'));
      return new LostValue(uri, error, content?.drafts ?? []);
    }
    const session = new ValueSession(this.app, node);
    const document = new ValueDocument(uri, session, from && content && { from, content });
    this.open.add(document);
    document.onEdit((steps) => this.edited(document, steps));
    document.onEnd(() => this.agree(document));
    document.onDispose(() => this.open.delete(document));
    return document;
  }

  resolveCustomEditor(document: ValueDocument | LostValue, panel: vscode.WebviewPanel): void {
    this.panels.adopt(panel, document instanceof LostValue ? document.surface() : this.surface(document));
  }

  async saveCustomDocument(document: ValueDocument | LostValue): Promise<void> {
    if (document instanceof LostValue) throw plainError(errorText(document.error));
    if (!this.settling.has(document)) return this.save(document);
    // the editor was only told that there is nothing to save, and meanwhile there is
    if (document.isDirty) throw new vscode.CancellationError();
  }

  saveCustomDocumentAs(): Promise<void> {
    const message = t(
      'A value is saved where it is. To keep a copy use Duplicate Key, or Save Value for a file. Nothing was saved.',
    );
    return Promise.reject(plainError(message));
  }

  async revertCustomDocument(document: ValueDocument | LostValue): Promise<void> {
    if (document instanceof LostValue) return;
    document.revert();
    await this.push(document);
  }

  async backupCustomDocument(
    document: ValueDocument | LostValue,
    { destination }: vscode.CustomDocumentBackupContext,
  ): Promise<vscode.CustomDocumentBackup> {
    await document.backUp(destination);
    const forget = (): void => {
      if (document instanceof ValueDocument) document.forgetBackup(destination);
      void deleteBackup(destination);
    };
    return { id: destination.toString(), delete: forget };
  }

  private async save(document: ValueDocument): Promise<void> {
    this.saving.add(document);
    try {
      await document.saveAll();
    } finally {
      this.saving.delete(document);
    }
  }

  private surface(document: ValueDocument): Surface<typeof valueMethods, typeof valueEvents> {
    return {
      viewType: valueViewType,
      bundle: 'value',
      key: document.uri.toString(),
      title: document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1),
      restore: {},
      methods: valueMethods,
      events: valueEvents,
      start: (panel) => this.start(document, panel),
      onAnswerLost: (method) => {
        if (writes.includes(method)) void this.push(document);
      },
    };
  }

  private start(document: ValueDocument, panel: Panel<typeof valueEvents>) {
    const { session } = document;
    const { id } = session.node.place.connection.profile;
    panel.own(document.attach(panel));
    panel.own(
      this.app.connections.onChange((changed) => {
        if (changed === undefined || changed === id) panel.emit('value/header', session.header());
      }),
    );
    return valueHandlers(document);
  }

  private async push(document: ValueDocument): Promise<void> {
    try {
      document.emit('value/snapshot', await document.session.snapshot());
    } catch (thrown) {
      this.app.log.warn('A value panel could not be refreshed', { reason: toEngineError(thrown).reason });
    }
  }

  /** The editor shows what this throws in place of the page. */
  private async nodeOf(uri: vscode.Uri): Promise<KeyNode | undefined> {
    try {
      return await nodeOfUri(this.app, uri);
    } catch (thrown) {
      throw plainError(errorText(toEngineError(thrown)));
    }
  }

  private async restored(from: vscode.Uri): Promise<DraftBackup | undefined> {
    try {
      return await readBackup(from);
    } catch (thrown) {
      this.app.log.error('A backup could not be read', { reason: toEngineError(thrown).reason });
      warn(t('Unsaved changes of a value could not be brought back: their backup cannot be read.'));
      return undefined;
    }
  }

  private edited(document: ValueDocument, steps: readonly DraftStep[]): void {
    if (!panelTab(document.uri)?.isDirty) this.announced.add(document);
    this.edits.fire({
      document,
      label: t('Change of a value'),
      undo: () => document.undo(steps),
      redo: () => document.redo(steps),
    });
    this.agree(document);
  }

  private agreeAll(): void {
    for (const document of this.open) this.agree(document);
  }

  /**
   * The editor counts steps, we have edits: where the two tell otherwise whether there is something to save, such as
   * after a save of one element in the page, the editor is told.
   */
  private agree(document: ValueDocument): void {
    const tab = panelTab(document.uri);
    if (!tab || this.settling.has(document) || this.saving.has(document)) return;
    if (tab.isDirty) this.announced.delete(document);
    if (tab.isDirty && !document.isDirty) void this.settle(document);
    if (!tab.isDirty && document.isDirty && !this.announced.has(document)) this.announceSoon(document);
  }

  /** Not at once: the editor shows a step as undone before it asks for that, and a new step would end its redo. */
  private announceSoon(document: ValueDocument): void {
    this.announced.add(document);
    this.app.storage.timers.after(undoneWithin, () => {
      this.announced.delete(document);
      const tab = panelTab(document.uri);
      if (tab && !tab.isDirty && document.isDirty) document.announce();
    });
  }

  private async settle(document: ValueDocument): Promise<void> {
    this.settling.add(document);
    try {
      await vscode.workspace.save(document.uri);
    } catch (thrown) {
      this.app.log.debug('A value was changed while it was settled', {
        reason: toEngineError(thrown).reason,
      });
    } finally {
      this.settling.delete(document);
    }
    if (document.isDirty) this.agree(document);
  }
}

/** Shows another panel where the tab of this one stands, and closes that. */
async function replaceTab(uri: vscode.Uri, by: vscode.Uri): Promise<void> {
  const tab = panelTab(uri);
  if (!tab) return;
  const options = { viewColumn: tab.group.viewColumn, preserveFocus: !tab.group.isActive, preview: false };
  await vscode.commands.executeCommand('vscode.openWith', by, valueViewType, options);
  const left = panelTab(uri);
  if (left) await vscode.window.tabGroups.close(left, true);
}

function keptText(from: string, to: string): string {
  return t(
    '{0} was renamed to {1}. Its tab keeps the unsaved changes: copy what you need, and enter it in {1}.',
    from,
    to,
  );
}
