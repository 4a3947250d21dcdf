import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { panelUri, valueViewType } from '../../src/extension/panels/valueAddress';
import type { KeyNode } from '../../src/extension/trees/nodes';
import { valueEvents, valueMethods } from '../../src/protocol/value';
import { Rpc } from '../../webview-ui/app/rpc';
import { appendPage } from '../../webview-ui/surfaces/value/types/registry';
import { ValueModel } from '../../webview-ui/surfaces/value/valueModel';
import type { TestWindow } from './testWindow';

/** The tab of a value: the editor that ships, and pages of it that come and go. */
export class ValueTab {
  private readonly fromPage = new vscode.EventEmitter<unknown>();
  private readonly closing = new vscode.EventEmitter<void>();
  private readonly viewState = new vscode.EventEmitter<vscode.WebviewPanelOnDidChangeViewStateEvent>();
  private readonly token = new vscode.CancellationTokenSource().token;
  private readonly asked: string[] = [];
  private listening: ((message: unknown) => void) | undefined;

  private constructor(
    readonly editor: vscode.CustomEditorProvider,
    readonly document: vscode.CustomDocument,
  ) {}

  /** Opens a key as the editor does. */
  static async open(window: TestWindow, node: KeyNode, backupId?: string): Promise<ValueTab> {
    const editor = window.editors.get(valueViewType);
    assert.ok(editor, 'the value panel is registered');
    const context = { backupId, untitledDocumentData: undefined };
    const { token } = new vscode.CancellationTokenSource();
    const tab = new ValueTab(editor, await editor.openCustomDocument(panelUri(node), context, token));
    await editor.resolveCustomEditor(tab.document, tab.panel(), token);
    return tab;
  }

  /** Loads a page, as happens when the tab is shown; the one before hears nothing any more. */
  page(): ValueModel {
    const rpc = new Rpc(valueMethods, valueEvents, {
      post: (message) => {
        this.fromPage.fire(structuredClone(message));
        if (message.kind === 'request') this.asked.push(message.method);
      },
      listen: (receive) => {
        this.listening = receive;
        return () => undefined;
      },
      onVisible: () => () => undefined,
    });
    const model = new ValueModel({ rpc, append: appendPage });
    rpc.ready(() => void model.catchUp());
    void model.begin();
    return model;
  }

  /** How often pages have asked for this so far; the editor has got each of these requests. */
  requests(method: keyof typeof valueMethods): number {
    return this.asked.filter((each) => each === method).length;
  }

  /** What the editor asks for on Save. */
  async save(): Promise<void> {
    await this.editor.saveCustomDocument(this.document, this.token);
  }

  /** What the editor asks for on Revert, and on closing without saving. */
  async revert(): Promise<void> {
    await this.editor.revertCustomDocument(this.document, this.token);
  }

  /** What the editor asks for every now and then while there are edits. */
  async backUp(destination: vscode.Uri): Promise<vscode.CustomDocumentBackup> {
    return this.editor.backupCustomDocument(this.document, { destination }, this.token);
  }

  close(): void {
    this.closing.fire();
    this.document.dispose();
    for (const each of [this.fromPage, this.closing, this.viewState]) each.dispose();
  }

  private panel(): vscode.WebviewPanel {
    const webview: Partial<vscode.Webview> = {
      options: {},
      html: '',
      cspSource: 'none',
      asWebviewUri: (uri) => uri,
      onDidReceiveMessage: this.fromPage.event,
      postMessage: (message) => {
        this.listening?.(structuredClone(message));
        return Promise.resolve(true);
      },
    };
    const panel: Partial<vscode.WebviewPanel> = {
      webview: webview as vscode.Webview,
      visible: true,
      active: true,
      onDidDispose: this.closing.event,
      onDidChangeViewState: this.viewState.event,
    };
    return panel as vscode.WebviewPanel;
  }
}
