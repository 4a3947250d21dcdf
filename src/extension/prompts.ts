import * as vscode from 'vscode';
import type { EngineError } from '../engine/kernel/errors';
import { errorText } from './messages';

const t = vscode.l10n.t;

/** A question with a text answer. `validate` gives the sentence that is wrong with it. */
export interface TextQuestion {
  readonly title: string;
  readonly prompt?: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  readonly validate?: (value: string) => string | undefined;
}

/** Asks for a line of text; undefined when dismissed. */
export function askText(question: TextQuestion): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: question.title,
    ignoreFocusOut: true,
    ...(question.prompt !== undefined && { prompt: question.prompt }),
    ...(question.value !== undefined && { value: question.value }),
    ...(question.placeholder !== undefined && { placeHolder: question.placeholder }),
    ...(question.password && { password: true }),
    ...(question.validate && { validateInput: question.validate }),
  });
}

/** A choice with what it stands for. */
export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** Asks for one of several; undefined when dismissed. */
export async function askChoice<T>(
  title: string,
  choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
  placeholder?: string,
): Promise<T | undefined> {
  const options = {
    title,
    matchOnDescription: true,
    matchOnDetail: true,
    ...(placeholder !== undefined && { placeHolder: placeholder }),
  };
  const chosen = await vscode.window.showQuickPick<Choice<T>>(choices, options);
  return chosen?.value;
}

/** Modal question before an act that cannot be taken back; false when dismissed in any way. */
export async function confirm(message: string, detail: string, action: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, action)) === action;
}

/** Demands that `name` be typed; undefined when dismissed. */
export function askTypedName(title: string, name: string): Thenable<string | undefined> {
  return askText({
    title,
    prompt: t('Production: type the name of the connection, {0}, to go on.', name),
    placeholder: name,
    validate: (value) => (value === name ? undefined : t('This is not the name of the connection')),
  });
}

/** Says that something was done; quiet, in the status bar. */
export function tell(message: string): void {
  vscode.window.setStatusBarMessage(message, 5000);
}

/** Says something the person should read. */
export function inform(message: string): void {
  void vscode.window.showInformationMessage(message);
}

/** Says something the person should read, with an act that follows from it. */
export function informWith(message: string, action: string, act: () => Thenable<unknown>): void {
  void vscode.window.showInformationMessage(message, action).then((chosen) => {
    if (chosen === action) void act();
  });
}

/** Says that something needs attention. */
export function warn(message: string): void {
  void vscode.window.showWarningMessage(message);
}

/** Shows a failure: what, where, what next, and the way to the log. */
export function showError(error: EngineError, profile?: { readonly name: string }): void {
  const showLog = t('Show Log');
  void vscode.window.showErrorMessage(errorText(error, profile), showLog).then((chosen) => {
    if (chosen === showLog) void vscode.commands.executeCommand('cachify.log.show');
  });
}

/** Runs work a person started, with progress they can cancel; the signal aborts on cancel. */
export function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, report: (message: string, increment?: number) => void) => Promise<T>,
): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    const listener = token.onCancellationRequested(() => {
      abort.abort();
    });
    try {
      return await work(abort.signal, (message, increment) => {
        progress.report({ message, ...(increment !== undefined && { increment }) });
      });
    } finally {
      listener.dispose();
    }
  });
}

/** Runs work a person started that is short and must not stop halfway, with progress. */
export function withSteadyProgress<T>(title: string, work: () => Promise<T>): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: false };
  return vscode.window.withProgress(options, work);
}

/** Runs `say` at the first call and never again in this window. */
export function onceAWindow(say: () => void): () => void {
  let said = false;
  return () => {
    if (said) return;
    said = true;
    say();
  };
}
