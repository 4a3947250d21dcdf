import * as vscode from 'vscode';
import type { ConnectionProfile } from '../engine/connections/profile';
import type { AskReason, AskSecrets } from '../engine/connections/secretResolver';
import type { ConnectionSecrets } from '../engine/connections/stores';
import { againText } from './bindingWords';
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

/** Asks for a secret of a connection in a masked input, and says why a saved one is not used. */
export const askSecrets: AskSecrets = async (profile, why, which) => {
  tellWhy(why);
  const entered = await askText({
    title: t('Connect to {0}', profile.name),
    prompt: typeof why === 'string' ? askedText(profile, which) : againText(which, why, t),
    password: true,
  });
  return entered === undefined ? undefined : { [which]: entered };
};

function askedText({ auth }: ConnectionProfile, which: keyof ConnectionSecrets): string {
  if (which === 'keyPassphrase') return t('Passphrase of the client key; it is kept for this session');
  return auth.username
    ? t('Password of {0}; it is kept for this session', auth.username)
    : t('Password; it is kept for this session');
}

function tellWhy(why: AskReason): void {
  if (why === 'vault-failed') tellVaultFailure();
  if (why === 'not-found') tellForgotten();
}
