import * as vscode from 'vscode';
import type { EngineError } from '../engine/kernel/errors';
import { errorText } from './messages';
import { isNameTyped } from './plainText';
import { showDialog, showInput, showMessage, showProgress, showStatus, type Line } from './plainWindow';

const t = vscode.l10n.t;

/** A question with a text answer. */
export interface TextQuestion extends Line {
  readonly title: string;
}

/** Asks for a line of text; undefined when dismissed. */
export function askText({ title, ...line }: TextQuestion): Thenable<string | undefined> {
  return showInput(title, line);
}

/** Modal question before an act that cannot be taken back; false when dismissed in any way. */
export async function confirm(message: string, detail: string, action: string): Promise<boolean> {
  return (await showDialog(message, detail, action)) === action;
}

/** Demands that `name` be typed, and gives it; undefined when dismissed. */
export async function askTypedName(title: string, name: string): Promise<string | undefined> {
  const typed = await askText({
    title,
    prompt: t('Production: type the name of the connection, {0}, to go on.', name),
    placeholder: name,
    validate: (value) => (isNameTyped(value, name) ? undefined : t('This is not the name of the connection')),
  });
  return typed === undefined ? undefined : name;
}

/** Says that something was done; quiet, in the status bar. */
export function tell(message: string): void {
  showStatus(message, 5000);
}

/** Says something the person should read. */
export function inform(message: string): void {
  void showMessage('info', message);
}

/** Says something the person should read, with an act that follows from it. */
export function informWith(message: string, action: string, act: () => Thenable<unknown>): void {
  void showMessage('info', message, action).then((chosen) => {
    if (chosen === action) void act();
  });
}

/** Says that something needs attention. */
export function warn(message: string): void {
  void showMessage('warning', message);
}

/** Shows a failure: what, where, what next, and the way to the log. */
export function showError(error: EngineError, profile?: { readonly name: string }): void {
  const showLog = t('Show Log');
  void showMessage('error', errorText(error, profile), showLog).then((chosen) => {
    if (chosen === showLog) void vscode.commands.executeCommand('cachify.log.show');
  });
}

/** Runs work a person started, with progress they can cancel; the signal aborts on cancel. */
export function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, report: (message: string, increment?: number) => void) => Promise<T>,
): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return showProgress(options, async (report, token) => {
    const abort = new AbortController();
    const listener = token.onCancellationRequested(() => {
      abort.abort();
    });
    try {
      return await work(abort.signal, report);
    } finally {
      listener.dispose();
    }
  });
}

/** Runs work a person started that is short and must not stop halfway, with progress. */
export function withSteadyProgress<T>(title: string, work: () => Promise<T>): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: false };
  return showProgress(options, work);
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
