import * as vscode from 'vscode';
import { toEngineError } from '../../engine/kernel/errors';
import { errorText, number } from '../messages';
import { plainLine } from '../plainText';
import type { ReadOnlyReason } from './documentContent';

const t = vscode.l10n.t;

/** Why a document cannot be edited, as a sentence. */
export function readOnlyText(reason: ReadOnlyReason): string {
  switch (reason) {
    case 'binary':
      return t('This value holds zero bytes: an editor takes it for no text. Open it in the value panel.');
    case 'encoding':
      return t('This value is not valid UTF-8: an editor would corrupt it, so it cannot be edited here.');
    case 'byte-order-mark':
      return t('This value begins with a byte order mark, which editors hide: it cannot be edited here.');
    case 'line-ends':
      return t(
        'This value mixes kinds of line ends, which an editor would make one: it cannot be edited here.',
      );
    default:
      return longText(reason);
  }
}

function longText(reason: Exclude<ReadOnlyReason, string>): string {
  if (reason.kind === 'server') return reason.sentence;
  if (reason.kind === 'stream-entry')
    return t('Entries of a stream cannot be changed once they are written.');
  return t(
    'This value has {0} bytes, of which the first {1} are shown: values above 1 MiB cannot be edited.',
    number(reason.total),
    number(reason.shown),
  );
}

/** The failure of a document as the editor wants it; the text says what happened and what next. */
export function fileError(thrown: unknown): vscode.FileSystemError {
  if (thrown instanceof vscode.FileSystemError) return thrown;
  const error = toEngineError(thrown);
  const text = errorText(error);
  if (error.reason === 'gone') return vscode.FileSystemError.FileNotFound(plainLine(text));
  if (error.code === 'CONNECTION_FAILED' || error.code === 'TIMEOUT')
    return vscode.FileSystemError.Unavailable(plainLine(text));
  if (error.code === 'UNAUTHORIZED' || error.code === 'NOT_SUPPORTED') return notAllowed(text);
  return failed(text);
}

/** Something a document cannot do, in words. */
export function failed(text: string): vscode.FileSystemError {
  return new vscode.FileSystemError(plainLine(text));
}

/** Something that may not be done to a document, in words. */
export function notAllowed(text: string): vscode.FileSystemError {
  return vscode.FileSystemError.NoPermissions(plainLine(text));
}
