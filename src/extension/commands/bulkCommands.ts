import * as vscode from 'vscode';
import type { TtlChange } from '../../engine/connections/ttlChange';
import { removeKeys, setTtlOfKeys, type BulkOptions, type BulkReport } from '../../engine/keys/changeKeys';
import { keyLabel } from '../../engine/keys/keyLabel';
import type { KeyName } from '../../engine/kernel/keyName';
import type { App } from '../app';
import { errorText, number } from '../messages';
import { inform, tell, warn, withProgress } from '../prompts';
import type { FolderNode, KeyNode, Node, PlaceNode } from '../trees/nodes';
import { collectKeys } from './collectKeys';
import { confirmDestructive, type Confirmation } from './confirmWrite';
import { aimedAt, pickKeys, required } from './pickNode';
import type { Handlers } from './registerCommand';
import { askTtl } from './ttl';

const t = vscode.l10n.t;

/** Names shown in full before a delete; beyond it, a sample and the count. */
const listedNames = 10;

/** Commands that delete or set the time to live of one or many keys. */
export function bulkCommands(app: App, refreshPanels: (place: PlaceNode) => void): Handlers {
  const done = (place: PlaceNode): void => {
    app.tree.refresh(place);
    refreshPanels(place);
  };
  return {
    'cachify.key.delete': async (node, selected) => {
      const folder = node ? undefined : onlyFolder(await aimedAt(app));
      if (folder) {
        await vscode.commands.executeCommand('cachify.folder.delete', folder);
        return;
      }
      const keys = await pickKeys(app, node, selected, t('Delete key'));
      const [first] = keys;
      if (
        first &&
        (await deleteKeys(
          app,
          first.place,
          keys.map((item) => item.key),
        ))
      )
        done(first.place);
    },
    'cachify.folder.delete': async (node) => {
      const folder = required(node ?? (await aimedFolder(app)));
      if (await deleteFolder(app, folder)) done(folder.place);
    },
    'cachify.key.setTtl': (node, selected) => changeTtl(app, node, selected, done),
    'cachify.key.removeTtl': (node, selected) => changeTtl(app, node, selected, done, { mode: 'remove' }),
  };
}

/** The one folder that is selected, for the Delete key. */
function onlyFolder(aimed: readonly Node[]): FolderNode | undefined {
  const [only] = aimed;
  return aimed.length === 1 && only?.kind === 'folder' ? only : undefined;
}

/** The folder the command is for, without an argument. */
async function aimedFolder(app: App): Promise<FolderNode | undefined> {
  const folder = (await aimedAt(app)).find((item) => item.kind === 'folder');
  if (!folder) warn(t('Select a folder of keys in the Cachify view first'));
  return folder;
}

/** Confirms and deletes; false when the person dismissed it. */
export async function deleteKeys(
  app: App,
  place: PlaceNode,
  keys: readonly KeyName[],
  under?: string,
): Promise<boolean> {
  const confirmation = await confirmDelete(app, place, keys, under);
  if (!confirmation) return false;
  const { connection, db } = place;
  const report = await withBulkProgress(app, t('Deleting'), keys.length, (options) =>
    removeKeys(app.gate, writeRequest(app, place, 'key.delete', keys, confirmation, under), keys, {
      ...options,
      onKey: (key, outcome) => {
        if (outcome === 'affected' || outcome === 'absent') app.places.note(connection, db, key, false);
      },
    }),
  );
  tellReport(report, t('deleted'));
  return true;
}

async function deleteFolder(app: App, folder: FolderNode): Promise<boolean> {
  const label = keyLabel(folder.prefix);
  const keys = await collectKeys(app, folder);
  if (keys === undefined) return false;
  if (keys.length === 0) {
    inform(t('No key starts with {0} any more.', label));
    return true;
  }
  return deleteKeys(app, folder.place, keys, label);
}

function confirmDelete(
  app: App,
  place: PlaceNode,
  keys: readonly KeyName[],
  under?: string,
): Promise<Confirmation | undefined> {
  const [first] = keys;
  const count = number(keys.length);
  const isOne = keys.length === 1 && first !== undefined;
  const names = keys.slice(0, listedNames).map((key) => keyLabel(key).slice(0, 120));
  if (keys.length > names.length) names.push(t('… and {0} more', number(keys.length - names.length)));
  const what =
    under === undefined
      ? t('Delete {0} keys', count)
      : t('Delete {0} keys that start with {1}', count, under);
  return confirmDestructive(app, {
    connection: place.connection,
    question: isOne ? t('Delete the key {0}', keyLabel(first).slice(0, 200)) : what,
    detail: [...(isOne ? [] : names), t('This cannot be undone.')].join('\n'),
    action: isOne ? t('Delete Key') : t('Delete {0} Keys', count),
  });
}

async function changeTtl(
  app: App,
  node: KeyNode | undefined,
  selected: readonly Node[] | undefined,
  done: (place: PlaceNode) => void,
  given?: TtlChange,
): Promise<void> {
  const keys = await pickKeys(app, node, selected, t('Time to live'));
  const [first] = keys;
  if (!first) return;
  const names = keys.map((item) => item.key);
  const request = writeRequest(app, first.place, given ? 'key.removeTtl' : 'key.setTtl', names, {});
  app.gate.requireUnlocked(request);
  const ttl = given ?? required(await askTtl(app.clock, namesOf(keys)));
  const report = await withBulkProgress(app, t('Changing the time to live'), keys.length, (options) =>
    setTtlOfKeys(app.gate, request, names, ttl, options),
  );
  tellReport(report, t('changed'));
  done(first.place);
}

/** The keys of a question: the one by its name, several by their number. */
function namesOf([first, ...others]: readonly KeyNode[]): string {
  if (!first) return '';
  return others.length === 0 ? keyLabel(first.key) : t('{0} keys', others.length + 1);
}

function writeRequest(
  app: App,
  place: PlaceNode,
  action: string,
  keys: readonly KeyName[],
  confirmation: Confirmation,
  under?: string,
) {
  const [first] = keys;
  const target = keys.length === 1 && first !== undefined ? keyLabel(first) : `${keys.length} keys`;
  return {
    requestId: app.random.id(),
    connectionId: place.connection.profile.id,
    db: place.db,
    ...(place.namespace && { namespace: place.namespace.name }),
    action,
    target: under === undefined ? target : `${under}* (${keys.length} keys)`,
    destructive: action === 'key.delete',
    ...confirmation,
  };
}

function withBulkProgress(
  app: App,
  title: string,
  total: number,
  work: (options: BulkOptions) => Promise<BulkReport>,
): PromiseLike<BulkReport> {
  const start = app.clock.monotonic();
  return withProgress(title, (signal, report) => {
    let shown = 0;
    const onProgress = ({ affected, absent, failed, unknown }: BulkReport): void => {
      const done = affected + absent + failed + unknown;
      const rate = Math.round(done / Math.max(0.001, (app.clock.monotonic() - start) / 1000));
      report(
        t('{0} of {1}, {2} keys/s', number(done), number(total), number(rate)),
        ((done - shown) / total) * 100,
      );
      shown = done;
    };
    return work({ signal, onProgress });
  });
}

function tellReport(report: BulkReport, verb: string): void {
  const parts = [
    t('{0} {1}', number(report.affected), verb),
    report.absent > 0 ? t('{0} already gone', number(report.absent)) : '',
    report.failed > 0 ? t('{0} failed', number(report.failed)) : '',
    report.unknown > 0 ? t('{0} unknown because the reply was lost', number(report.unknown)) : '',
    report.cancelled ? t('cancelled before the rest of {0}', number(report.total)) : '',
  ];
  const text = parts.filter(Boolean).join(', ');
  if (report.failed + report.unknown > 0)
    warn([text, report.error && errorText(report.error)].filter(Boolean).join('. '));
  else if (report.total > 1) inform(text);
  else tell(text);
}
