import * as vscode from 'vscode';
import { toEngineError } from '../engine/kernel/errors';
import { showMessage } from './plainWindow';
import { onceAWindow, showError } from './prompts';

const t = vscode.l10n.t;

/** Says once that the keyring does not keep the key of stored values, and offers a key file instead. */
export const askPayloadKey = onceAWindow(() => void ask());

async function ask(): Promise<void> {
  const useFile = t('Use a Key File');
  const chosen = await showMessage(
    'warning',
    t(
      'The secret storage of the editor does not keep the key of stored values here, so values are not stored for later. A key file in the store keeps them; who can read your files can then read these values.',
    ),
    useFile,
    t('Go On Without'),
  );
  if (chosen !== useFile) return;
  try {
    await vscode.workspace
      .getConfiguration()
      .update('cachify.storage.payloadKey', 'file', vscode.ConfigurationTarget.Global);
  } catch (thrown) {
    showError(toEngineError(thrown));
  }
}
