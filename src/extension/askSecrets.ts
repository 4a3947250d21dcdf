import * as vscode from 'vscode';
import type { AskReason, AskSecrets } from '../engine/connections/secretResolver';
import { onceAWindow, askText, warn } from './prompts';

const t = vscode.l10n.t;

const tellVaultFailure = onceAWindow(() => {
  warn(
    t(
      'The secret storage of the editor cannot be read, so passwords are asked for in each session. Nothing is kept in plaintext.',
    ),
  );
});

const tellForgotten = onceAWindow(() => {
  warn(t('The secret storage of the editor has forgotten a saved password, so it is asked for again.'));
});

/** Asks for the password of a connection in a masked input, and says once why a saved one is not used. */
export const askSecrets: AskSecrets = async (profile, why) => {
  tellWhy(why);
  const password = await askText({
    title: t('Connect to {0}', profile.name),
    prompt: profile.auth.username
      ? t('Password of {0}; it is kept for this session', profile.auth.username)
      : t('Password; it is kept for this session'),
    password: true,
  });
  return password === undefined ? undefined : { password };
};

function tellWhy(why: AskReason): void {
  if (why === 'vault-failed') tellVaultFailure();
  if (why === 'not-found') tellForgotten();
}
