import * as vscode from 'vscode';
import type { App } from '../app';
import type { KeyNode, PlaceNode } from '../trees/nodes';
import { pickKey } from './pickNode';
import type { Handlers } from './registerCommand';
import { askForm, copyValue } from './transferClipboard';
import { copyToCommand } from './transferCopy';
import { exportCommand } from './transferExport';
import { importCommand } from './transferImport';
import { loadValueFromFile, newKeyFromFile } from './transferLoad';
import { saveValueAs } from './transferSave';

const t = vscode.l10n.t;

/** Commands that take keys and values out to files, in from them, and from one connection to another. */
export function transferCommands(
  app: App,
  openPanel: (node: KeyNode) => Promise<void>,
  refreshPanels: (place: PlaceNode) => void,
): Handlers {
  const refresh = (place: PlaceNode): void => {
    app.tree.refresh(place);
    refreshPanels(place);
  };
  return {
    'cachify.keys.export': (node, selected) => exportCommand(app, node, selected),
    'cachify.keys.import': (node) => importCommand(app, node, refresh),
    'cachify.key.copyTo': (node) => copyToCommand(app, node, refresh),
    'cachify.key.saveValue': async (node) => {
      await saveValueAs(app, await pickKey(app, node, t('Save value')));
    },
    'cachify.key.loadValue': async (node) => {
      const key = await pickKey(app, node, t('Load value'));
      await loadValueFromFile(app, key);
      refreshPanels(key.place);
    },
    'cachify.key.newFromFile': (node) => newKeyFromFile(app, node, openPanel),
    'cachify.key.copyValue': async (node) => {
      const key = await pickKey(app, node, t('Copy value'));
      await copyValue(app, key, await askForm());
    },
  };
}
