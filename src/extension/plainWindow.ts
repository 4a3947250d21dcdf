import * as vscode from 'vscode';
import { plainLine, plainLines } from './plainText';

const { window } = vscode;

/**
 * The only way to the editor's messages, lists, input boxes, progress and status bar. The editor finds links to commands
 * and icons in what it shows there; what is handed over here is text and stays text, see `plainText`.
 */

/** How loud a message is. */
export type Loudness = 'info' | 'warning' | 'error';

/** Shows a message; gives the action that was chosen, undefined when it was dismissed. */
export function showMessage(
  kind: Loudness,
  text: string,
  ...actions: string[]
): Thenable<string | undefined> {
  const line = plainLine(text);
  if (kind === 'error') return window.showErrorMessage(line, ...actions);
  if (kind === 'warning') return window.showWarningMessage(line, ...actions);
  return window.showInformationMessage(line, ...actions);
}

/** Asks in a dialog that must be answered first; gives the action that was chosen. */
export function showDialog(text: string, detail: string, action: string): Thenable<string | undefined> {
  return window.showWarningMessage(plainLine(text), { modal: true, detail: plainLines(detail) }, action);
}

/** Shows a text in the status bar for `ms` milliseconds. */
export function showStatus(text: string, ms: number): void {
  window.setStatusBarMessage(plainLine(text), ms);
}

/** Where progress is shown. */
export type ProgressPlace = vscode.ProgressOptions['location'];

/** Runs work with progress; `report` takes what is being done and how many hundredths more are done. */
export function showProgress<T>(
  options: { readonly location: ProgressPlace; readonly title: string; readonly cancellable?: boolean },
  work: (
    report: (message: string, increment?: number) => void,
    token: vscode.CancellationToken,
  ) => PromiseLike<T>,
): Thenable<T> {
  return window.withProgress({ ...options, title: plainLine(options.title) }, (progress, token) =>
    work((message, increment) => {
      progress.report({ message: plainLine(message), ...(increment !== undefined && { increment }) });
    }, token),
  );
}

/** A question with a text answer. `validate` gives the sentence that is wrong with it. */
export interface Line {
  readonly prompt?: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  readonly validate?: (value: string) => string | undefined;
}

/** Asks for a line of text; undefined when dismissed. */
export function showInput(title: string, line: Line): Thenable<string | undefined> {
  const { prompt, value, placeholder, validate } = line;
  return window.showInputBox({
    title: plainLine(title),
    ignoreFocusOut: true,
    password: line.password ?? false,
    ...(prompt !== undefined && { prompt: plainLine(prompt) }),
    ...(value !== undefined && { value }),
    ...(placeholder !== undefined && { placeHolder: plainLine(placeholder) }),
    ...(validate && { validateInput: (typed) => plainOrNone(validate(typed)) }),
  });
}

function plainOrNone(problem: string | undefined): string | undefined {
  return problem === undefined ? undefined : plainLine(problem);
}

/** An input box that its owner shows and disposes of, with `check` to ask whether what stands in it is right. */
export function createInput(
  title: string,
  line: Line,
): { readonly input: vscode.InputBox; readonly check: () => boolean } {
  const input = window.createInputBox();
  input.title = plainLine(title);
  input.prompt = plainOrNone(line.prompt);
  input.value = line.value ?? '';
  input.placeholder = plainOrNone(line.placeholder);
  input.password = line.password ?? false;
  const check = (): boolean => {
    input.validationMessage = plainOrNone(line.validate?.(input.value));
    return input.validationMessage === undefined;
  };
  input.onDidChangeValue(check);
  return { input, check };
}

/** A choice with what it stands for; `icon` is the name of an icon of the editor. */
export interface Choice<T> {
  readonly label: string;
  readonly description?: string | undefined;
  readonly detail?: string | undefined;
  readonly icon?: string;
  readonly buttons?: readonly vscode.QuickInputButton[];
  readonly value: T;
}

/** A choice as the editor lists it. */
export type ListItem<T> = vscode.QuickPickItem & { readonly value: T };

/** Choices as items of a list. */
export function listItems<T>(choices: readonly Choice<T>[]): ListItem<T>[] {
  return choices.map(({ label, description, detail, icon, buttons, value }) => ({
    label: plainLine(label),
    ...(description !== undefined && { description: plainLine(description) }),
    ...(detail !== undefined && { detail: plainLine(detail) }),
    ...(icon !== undefined && { iconPath: new vscode.ThemeIcon(icon) }),
    ...(buttons && { buttons }),
    value,
  }));
}

/** Asks for one of several; undefined when dismissed. */
export async function askChoice<T>(
  title: string,
  choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
  placeholder?: string,
): Promise<T | undefined> {
  const options = {
    title: plainLine(title),
    matchOnDescription: true,
    matchOnDetail: true,
    ...(placeholder !== undefined && { placeHolder: plainLine(placeholder) }),
  };
  const items = Promise.resolve(choices).then((all) => listItems(all));
  return (await window.showQuickPick(items, options))?.value;
}

/** A list that its owner fills with `listItems`, shows and disposes of. */
export function createList<T>(title: string, placeholder?: string): vscode.QuickPick<ListItem<T>> {
  const list = window.createQuickPick<ListItem<T>>();
  list.title = plainLine(title);
  list.placeholder = plainOrNone(placeholder);
  return list;
}

/** The entry of the status bar. */
export function createStatusItem(id: string, name: string, priority: number): vscode.StatusBarItem {
  const item = window.createStatusBarItem(id, vscode.StatusBarAlignment.Left, priority);
  item.name = name;
  return item;
}
