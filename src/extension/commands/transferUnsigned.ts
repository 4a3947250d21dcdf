import * as vscode from 'vscode';
import type { ServerIdentity } from '../../engine/connections/capabilities';
import { type RestoreHole, restoreHoles } from '../../engine/connections/restoreHoles';
import { number } from '../messages';
import { askChoice } from '../plainWindow';

const t = vscode.l10n.t;

const productNames = { redis: 'Redis', valkey: 'Valkey', memcached: 'Memcached' } as const;

/**
 * Serialised values of others are left out unless the person says otherwise for this file, knowing which server would
 * read them and what is known against it.
 */
export function askUnsigned(count: number, server: ServerIdentity): Promise<'leave' | 'take' | undefined> {
  const title =
    count === 1
      ? t('1 value in this file is serialised, and not by an export of this installation')
      : t('{0} values in this file are serialised, and not by exports of this installation', number(count));
  const reason = t('A value made by hand can crash an unpatched server, or run code on it');
  return askChoice<'leave' | 'take'>(
    title,
    [
      { label: t('Leave them out'), detail: reason, value: 'leave' },
      {
        label: t('Import them too'),
        description: t('I know where this file comes from'),
        detail: riskOf(server),
        value: 'take',
      },
    ],
    serverText(server),
  );
}

function serverText({ product, version }: ServerIdentity): string {
  const name = productNames[product];
  return restoreHoles({ product, version, tls: false }) === undefined
    ? t('They would go to {0} of a version that it does not tell', name)
    : t('They would go to {0} {1}', name, version.slice(0, 20));
}

function riskOf(server: ServerIdentity): string {
  const holes = restoreHoles(server);
  if (holes === undefined) return t('What is known against this server cannot be told without its version');
  if (holes.length === 0) return t('Nothing is known to us against this version');
  return t(
    'Known against this version, unless its distributor mended it: {0}',
    holes.map(holeText).join(', '),
  );
}

function holeText({ name, module }: RestoreHole): string {
  return module === undefined ? name : t('{0} (with {1})', name, module);
}
