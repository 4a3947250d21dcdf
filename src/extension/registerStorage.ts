import * as vscode from 'vscode';
import type { Disposable } from '../engine/kernel/lifetime';
import { loadOnce } from '../engine/kernel/loadOnce';
import type { App } from './app';
import { exportHistoryCommand } from './commands/exportHistory';
import { HistoryPins } from './commands/historyPins';
import { registerCommands, type Handlers } from './commands/registerCommand';
import { backUp, storageCommands } from './commands/storageCommands';
import { StorageDocuments } from './documents/storageDocuments';
import type { GovernancePanel } from './panels/governancePanel';
import { governanceViewType } from './panels/governanceViewType';
import type { Panels } from './panels/panel';
import { number } from './messages';
import { type Loudness, showMessage } from './plainWindow';
import { tell, warn } from './prompts';
import { StorageNotices, type StorageAct } from './storageNotices';
import { wordingOf } from './wording';

const t = vscode.l10n.t;

/** What registering the commands, documents and panels of the store gives. */
export interface RegisteredStorage extends Disposable {
  /** Pins of history events, for the list of the history. */
  readonly pins: HistoryPins;
}

/** Registers the governance panel, the documents about the store, and their commands. */
export function registerStorage(app: App, panels: Panels): RegisteredStorage {
  const { storage: parts } = app;
  const wording = wordingOf(t, vscode.env.language);
  const documents = new StorageDocuments({ ...parts, clock: app.clock, wording });
  const ports = { app, storage: parts.storage, documents, wording };
  const nameOf = (id: string): string => app.connections.find(id)?.profile.name ?? id;
  const { recorder, clock, random, log } = app;
  let shown: GovernancePanel | undefined;
  // Loaded when it is first shown: its messages have parsers that activation need not make.
  const governance = loadOnce(async () => {
    shown = await loadGovernance(
      { ...parts, recorder, clock, log, nameOf, title: t('Governance'), onStopped: tellStopped },
      { backUp: () => backUp(ports), showStorage: () => documents.showReport() },
    );
    return shown;
  });
  const onChange = (): void => void shown?.refresh();
  const pins = new HistoryPins({ holds: parts.holds, recorder, clock, random, onChange });
  const handlers: Handlers = {
    ...storageCommands(ports),
    'cachify.governance.show': async () => {
      panels.show((await governance()).surface);
    },
    'cachify.history.export': () => exportHistoryCommand(app, parts.exportHistory),
  };
  const owned = [
    documents,
    ...registerCommands(handlers, log),
    panels.restoring(governanceViewType, async () => (await governance()).surface),
  ];
  return { pins, dispose: () => owned.forEach((each) => void each.dispose()) };
}

async function loadGovernance(
  ...options: ConstructorParameters<typeof GovernancePanel>
): Promise<GovernancePanel> {
  const module = await import('./panels/governancePanel');
  return new module.GovernancePanel(...options);
}

function tellStopped(doneRows: number, remainingRows: number): void {
  warn(
    t(
      'The purge was stopped with its panel: {0} records are gone, {1} remain. Open Governance to purge them.',
      number(doneRows),
      number(remainingRows),
    ),
  );
}

/** Notices as messages of the editor. The retention's own events go to `notify` as they are. */
export function editorNotices(): StorageNotices {
  return new StorageNotices({ wording: wordingOf(t, vscode.env.language), say, tell });
}

function say(kind: Loudness, text: string, act: StorageAct): void {
  const acts: Readonly<Record<StorageAct, readonly [label: string, command: string]>> = {
    showStorage: [t('Show Storage'), 'cachify.storage.show'],
    openGovernance: [t('Open Governance'), 'cachify.governance.show'],
    reloadWindow: [t('Reload Window'), 'workbench.action.reloadWindow'],
  };
  const [label, command] = acts[act];
  void showMessage(kind, text, label).then((chosen) => {
    if (chosen === label) void vscode.commands.executeCommand(command);
  });
}
