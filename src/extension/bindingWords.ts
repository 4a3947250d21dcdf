import * as vscode from 'vscode';
import type { BindingChange, SettingChange } from '../engine/connections/secretBinding';
import type { ConnectionSecrets } from '../engine/connections/stores';

const t = vscode.l10n.t;

/** Why a saved secret is not used: what differs from what it was saved for. */
export function bindingText(which: keyof ConnectionSecrets, changes: readonly BindingChange[]): string {
  const what = changes.map(changeText).join('; ');
  return which === 'password'
    ? t('The saved password is not used: {0}.', what)
    : t('The saved passphrase of the client key is not used: {0}.', what);
}

function changeText(change: BindingChange): string {
  if (change.what === 'unbound') return t('it is not known which server it was saved for');
  const from = change.from || t('none');
  const to = change.to || t('none');
  return settingText(change.what, from, to);
}

function settingText(what: SettingChange['what'], from: string, to: string): string {
  switch (what) {
    case 'address':
      return t('the address was {0} and is {1}', from, to);
    case 'username':
      return t('the user name was {0} and is {1}', from, to);
    case 'method':
      return t('the way to sign in was {0} and is {1}', from, to);
    case 'tls':
      return to === 'on' ? t('TLS was switched on') : t('TLS was switched off');
    case 'verify':
      return to === 'on'
        ? t('the certificate of the server is verified now')
        : t('the certificate of the server is not verified any more');
    case 'caFile':
      return t('the certificate authority was {0} and is {1}', from, to);
    case 'servername':
      return t('the server name of TLS was {0} and is {1}', from, to);
    case 'keyFile':
      return t('the client key was {0} and is {1}', from, to);
  }
}
