import * as vscode from 'vscode';

/** Replaces a member of an object until the returned function is called. */
export function replace<T extends object, K extends keyof T>(target: T, key: K, value: T[K]): () => void {
  const before = Object.getOwnPropertyDescriptor(target, key);
  if (!before) throw new Error(`There is no ${String(key)} to replace`);
  Object.defineProperty(target, key, { value, configurable: true, writable: true });
  return () => {
    Object.defineProperty(target, key, before);
  };
}

/** How a person answers: `dismiss` closes every question, otherwise they agree to everything. */
export interface Person {
  answers: 'dismiss' | 'agree';
  /** What they type where a text is asked for. */
  typed: string;
  /** Buttons they press on messages that do not wait for an answer. */
  presses: readonly string[];
}

/** What was said and asked, for as long as it is replaced. */
export interface Conversation {
  readonly person: Person;
  readonly said: string[];
  readonly asked: string[];
  end(): void;
}

/** Takes the place of every message, question and progress of the window. */
export function converse(): Conversation {
  const person: Person = { answers: 'dismiss', typed: '', presses: [] };
  const said: string[] = [];
  const asked: string[] = [];
  const agrees = (): boolean => person.answers === 'agree';
  const message = (text: string, ...rest: unknown[]): Promise<unknown> => {
    const button = rest.find((item) => typeof item === 'string');
    const isModal = rest.some((item) => typeof item === 'object' && item !== null && 'modal' in item);
    (isModal ? asked : said).push(text);
    const pressed = rest.find((item) => typeof item === 'string' && person.presses.includes(item));
    return Promise.resolve(isModal ? (agrees() ? button : undefined) : pressed);
  };
  const pick = async (items: readonly unknown[] | PromiseLike<readonly unknown[]>): Promise<unknown> => {
    const [first] = await items;
    asked.push('pick');
    return agrees() ? first : undefined;
  };
  const input = async (options: vscode.InputBoxOptions = {}): Promise<string | undefined> => {
    asked.push(options.prompt ?? '');
    if (!agrees()) return undefined;
    // a wrong answer cannot be sent off: the person then takes what was offered, or gives up
    for (const text of [person.typed, options.value ?? '', options.placeHolder ?? ''])
      if (!(await options.validateInput?.(text))) return text;
    return undefined;
  };
  const { window } = vscode;
  const restore = [
    replace(window, 'showInformationMessage', message as typeof window.showInformationMessage),
    replace(window, 'showWarningMessage', message as typeof window.showWarningMessage),
    replace(window, 'showErrorMessage', message as typeof window.showErrorMessage),
    replace(window, 'showQuickPick', pick as typeof window.showQuickPick),
    replace(window, 'showInputBox', input),
  ];
  return {
    person,
    said,
    asked,
    end: () => {
      for (const undo of restore) undo();
    },
  };
}

/** Collects what would be registered a second time in this host, instead of registering it. */
export function collectRegistrations() {
  const handlers = new Map<string, (...args: unknown[]) => unknown>();
  const editors = new Map<string, vscode.CustomEditorProvider>();
  const nothing = new vscode.Disposable(() => undefined);
  const selection: unknown[] = [];
  const registerFiles = vscode.workspace.registerFileSystemProvider.bind(vscode.workspace);
  const silent = (): vscode.Disposable => nothing;
  const view: Omit<vscode.TreeView<unknown>, 'selection'> & { selection: unknown[] } = {
    selection,
    visible: true,
    reveal: () => Promise.resolve(),
    dispose: () => undefined,
    onDidChangeSelection: silent,
    onDidChangeVisibility: silent,
    onDidChangeCheckboxState: silent,
    onDidExpandElement: silent,
    onDidCollapseElement: silent,
  };
  const restore = [
    replace(vscode.commands, 'registerCommand', (id, handler) => {
      handlers.set(id, handler);
      return nothing;
    }),
    replace(vscode.window, 'createTreeView', <T>() => view as vscode.TreeView<T>),
    replace(vscode.window, 'registerWebviewPanelSerializer', () => nothing),
    replace(vscode.window, 'registerCustomEditorProvider', (viewType, provider) => {
      if ('saveCustomDocument' in provider) editors.set(viewType, provider);
      return nothing;
    }),
    replace(vscode.workspace, 'registerFileSystemProvider', (scheme, ...rest) =>
      // the extension of this host has taken its scheme
      scheme === 'cachify' ? nothing : registerFiles(scheme, ...rest),
    ),
  ];
  const end = (): void => {
    for (const undo of restore) undo();
  };
  return { handlers, editors, selection, end };
}
