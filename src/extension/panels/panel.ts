import * as vscode from 'vscode';
import { type Disposable, Lifetime } from '../../engine/kernel/lifetime';
import { restoreNote } from '../../protocol/pageState';
import type { EventMap, MethodMap } from '../../protocol/rpc';
import { plainLine } from '../plainText';
import { panelHtml } from './panelHtml';
import { type Handlers, RpcHost, type RpcHostOptions } from './rpcHost';

/** What every panel of the extension shares; given once by the composition root. */
export interface PanelEnvironment {
  readonly extensionUri: vscode.Uri;
  /** `vscode.env.language`. */
  readonly language: string;
  /** `vscode.l10n.bundle`, empty in English. */
  readonly bundle: Readonly<Record<string, string>>;
  readonly toRpcError: RpcHostOptions<MethodMap, EventMap>['toRpcError'];
  readonly onDropped: (reason: string) => void;
  /** A panel's own handle failed to free something. */
  readonly onDisposeFailed: (thrown: unknown) => void;
  /** A panel could not be brought back, and is closed. */
  readonly onRestoreFailed: (thrown: unknown) => void;
}

/** A kind of panel and the one thing it shows. */
export interface Surface<M extends MethodMap, E extends EventMap> {
  /** As registered for restoring, such as `cachify.value`. */
  readonly viewType: string;
  /** Name of its bundle: `dist/webview/<name>.js`. */
  readonly bundle: string;
  /** Equal for the same thing: opening it again reveals the panel there is. */
  readonly key: string;
  readonly title: string;
  readonly icon?: vscode.WebviewPanel['iconPath'];
  /** What `Panels.restoring` gives back after a restart, as JSON; no secrets, no values. */
  readonly restore: unknown;
  readonly methods: M;
  readonly events: E;
  /** A request was served whose page had been replaced by then. */
  readonly onAnswerLost?: (method: string) => void;
  /** Makes the handlers; what it acquires it gives to `panel.own`. */
  readonly start: (panel: Panel<E>) => Handlers<M>;
}

/** An open panel, for the code behind its surface. */
export interface Panel<E extends EventMap> {
  /** Sends an event to the page. */
  emit: RpcHost<MethodMap, E>['emit'];
  /** Frees the handle when the panel closes. */
  own<T extends Disposable>(handle: T): T;
  setTitle(title: string): void;
  /** Whether this is the panel the person works in. */
  isActive(): boolean;
  /** Whether it is seen; a page that is not is loaded anew when it is shown. */
  isVisible(): boolean;
  /** Closes the panel as its tab's cross would. */
  close(): void;
}

/** The open panels, one a view type and key. Owned by the extension; each panel owns what is its own. */
export class Panels implements Disposable {
  private readonly open = new Map<string, vscode.WebviewPanel>();

  constructor(private readonly environment: PanelEnvironment) {}

  /** Shows the panel of this surface: reveals it, or makes it in the active column. */
  show<M extends MethodMap, E extends EventMap>(surface: Surface<M, E>): void {
    const present = this.open.get(panelKey(surface));
    if (present) return present.reveal();
    const panel = vscode.window.createWebviewPanel(
      surface.viewType,
      surface.title,
      vscode.ViewColumn.Active,
      {
        enableFindWidget: false,
        retainContextWhenHidden: false,
      },
    );
    this.fill(panel, surface);
  }

  /**
   * Brings panels of a type back after the window was loaded anew, by the note their page kept. One that cannot be
   * brought back is closed: a tab that shows nothing would stand beside the one that is opened next.
   */
  restoring<M extends MethodMap, E extends EventMap>(
    viewType: string,
    surfaceOf: (note: unknown) => Promise<Surface<M, E> | undefined>,
  ): vscode.Disposable {
    return vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel, state) => {
        try {
          const surface = await surfaceOf(restoreNote(state));
          if (surface) this.restore(panel, surface);
          else panel.dispose();
        } catch (thrown) {
          panel.dispose();
          this.environment.onRestoreFailed(thrown);
        }
      },
    });
  }

  /** Fills a panel that is the editor's own to open and to close. */
  adopt<M extends MethodMap, E extends EventMap>(panel: vscode.WebviewPanel, surface: Surface<M, E>): void {
    const lifetime = new Lifetime();
    panel.onDidDispose(() => {
      lifetime.dispose().catch(this.environment.onDisposeFailed);
    });
    connect(panel, surface, lifetime, this.environment);
    panel.webview.options = webviewOptions(this.environment.extensionUri);
    panel.webview.html = htmlOf(panel.webview, surface, this.environment);
  }

  /** Closes the panel of this surface, if it is open: what it shows no longer exists. */
  close(surface: Pick<Surface<MethodMap, EventMap>, 'viewType' | 'key'>): void {
    this.open.get(panelKey(surface))?.dispose();
  }

  dispose(): void {
    for (const panel of [...this.open.values()]) panel.dispose();
  }

  /** Takes over a panel VS Code brought back; one that shows what another already shows is closed. */
  private restore<M extends MethodMap, E extends EventMap>(
    panel: vscode.WebviewPanel,
    surface: Surface<M, E>,
  ): void {
    const present = this.open.get(panelKey(surface));
    if (!present) return this.fill(panel, surface);
    panel.dispose();
    present.reveal();
  }

  private fill<M extends MethodMap, E extends EventMap>(
    panel: vscode.WebviewPanel,
    surface: Surface<M, E>,
  ): void {
    const key = panelKey(surface);
    this.open.set(key, panel);
    panel.onDidDispose(() => this.open.delete(key));
    panel.title = plainLine(surface.title);
    if (surface.icon) panel.iconPath = surface.icon;
    this.adopt(panel, surface);
  }
}

function connect<M extends MethodMap, E extends EventMap>(
  panel: vscode.WebviewPanel,
  surface: Surface<M, E>,
  lifetime: Lifetime,
  { toRpcError, onDropped }: PanelEnvironment,
): void {
  const { methods, events, onAnswerLost } = surface;
  const serving: { host?: RpcHost<M, E> } = {};
  const handle: Panel<E> = {
    // Until the page is ready nobody listens: it reads everything then.
    emit: (name, data) => serving.host?.emit(name, data),
    own: <T extends Disposable>(owned: T): T => lifetime.own(owned),
    setTitle: (title) => {
      panel.title = plainLine(title);
    },
    isActive: () => panel.active,
    isVisible: () => panel.visible,
    close: () => {
      panel.dispose();
    },
  };
  const handlers = surface.start(handle);
  const host = lifetime.own(
    new RpcHost({
      port: panel.webview,
      methods,
      events,
      handlers,
      toRpcError,
      onDropped,
      ...(onAnswerLost && { onAnswerLost }),
    }),
  );
  serving.host = host;
  lifetime.own(panel.onDidChangeViewState(() => host.setVisible(panel.visible)));
}

/** The page may load the extension's own built files and pictures, and run no command. */
function webviewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return {
    enableScripts: true,
    enableForms: false,
    enableCommandUris: false,
    localResourceRoots: [
      vscode.Uri.joinPath(extensionUri, 'dist', 'webview'),
      vscode.Uri.joinPath(extensionUri, 'media'),
    ],
  };
}

function htmlOf(
  webview: vscode.Webview,
  surface: Pick<Surface<MethodMap, EventMap>, 'bundle' | 'title' | 'restore'>,
  { extensionUri, language, bundle }: PanelEnvironment,
): string {
  const uri = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview', file)).toString();
  return panelHtml({
    title: plainLine(surface.title),
    cspSource: webview.cspSource,
    scriptUri: uri(`${surface.bundle}.js`),
    styleUris: [uri('theme.css'), uri('codicon.css')],
    language,
    bundle,
    restore: surface.restore,
  });
}

function panelKey({ viewType, key }: { readonly viewType: string; readonly key: string }): string {
  return `${viewType} ${key}`;
}
