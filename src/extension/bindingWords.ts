import type {
  AddressChange,
  BindingChange,
  SettingChange,
  SignIn,
} from '../engine/connections/secretBinding';
import type { ConnectionSecrets } from '../engine/connections/stores';
import { plainPart } from './plainText';
import type { Wording } from './wording';

type Translate = Wording['t'];

/** Longest address that is shown whole, in characters. */
const addressLength = 60;

/** Longest name or path that is shown whole, in characters. */
const valueLength = 36;

/** How many addresses are named that a secret would newly go to, and how many it went to before. */
const mostNew = 3;
const mostGone = 1;

/**
 * Why a saved secret is not used: what differs from what it was saved for. Short enough, whatever a profile holds, that
 * the editor shows all of it: whoever changed the profile must not be able to push the new address out of sight.
 */
export function bindingText(
  which: keyof ConnectionSecrets,
  changes: readonly BindingChange[],
  t: Translate,
): string {
  const what = changes.map((change) => changeText(change, t)).join('; ');
  return which === 'password'
    ? t('The saved password is not used: {0}.', what)
    : t('The saved passphrase of the client key is not used: {0}.', what);
}

/** Asks for a secret that is not used. What was saved stays: whoever changed the profile may have had no business to. */
export function againText(
  which: keyof ConnectionSecrets,
  changes: readonly BindingChange[],
  t: Translate,
): string {
  const what = bindingText(which, changes, t);
  return t(
    '{0} Enter it if that is right: it is kept for this session. Edit the connection to save it again.',
    what,
  );
}

function changeText(change: BindingChange, t: Translate): string {
  switch (change.what) {
    case 'unbound':
      return t('it is not known which server it was saved for');
    case 'address':
      return addressText(change, t);
    case 'method':
      return t('the way to sign in was {0} and is {1}', signInText(change.from, t), signInText(change.to, t));
    default:
      return settingText(change, t);
  }
}

function addressText({ added, gone }: AddressChange, t: Translate): string {
  const [news, olds] = [listText(added, mostNew, t), listText(gone, mostGone, t)];
  if (gone.length === 0) return t('the address changed (new: {0})', news);
  if (added.length === 0) return t('the address changed (gone: {0})', olds);
  return t('the address changed (new: {0}; gone: {1})', news, olds);
}

function listText(addresses: readonly string[], most: number, t: Translate): string {
  const shown = addresses.slice(0, most).map((address) => plainPart(address, addressLength));
  const more = addresses.length - shown.length;
  return more === 0 ? shown.join(', ') : t('{0} and {1} more', shown.join(', '), more);
}

function signInText({ engine, method }: SignIn, t: Translate): string {
  const server = engine === 'redis' ? 'Redis' : 'Memcached';
  switch (method) {
    case 'none':
      return t('nothing ({0})', server);
    case 'password':
      return t('a password ({0})', server);
    case 'sasl':
      return t('SASL ({0})', server);
  }
}

function settingText(change: SettingChange, t: Translate): string {
  const from = plainPart(change.from, valueLength) || t('none');
  const to = plainPart(change.to, valueLength) || t('none');
  switch (change.what) {
    case 'username':
      return t('the user name was {0} and is {1}', from, to);
    case 'tls':
      return change.to === 'on' ? t('TLS was switched on') : t('TLS was switched off');
    case 'verify':
      return change.to === 'on'
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
