import * as vscode from 'vscode';
import type { Storage } from '../../engine/retention/storage';
import type { App } from '../app';
import type { StorageDocuments } from '../documents/storageDocuments';
import { inform, informWith, withSteadyProgress } from '../prompts';
import type { Wording } from '../wording';
import type { Handlers } from './registerCommand';

const t = vscode.l10n.t;

/** What the commands on the store work with. */
export interface StorageCommandPorts {
  readonly app: App;
  readonly storage: Storage;
  readonly documents: StorageDocuments;
  readonly wording: Wording;
}

/** Commands that show, copy and check the store. */
export function storageCommands(ports: StorageCommandPorts): Handlers {
  return {
    'cachify.storage.show': () => ports.documents.showReport(),
    'cachify.storage.reveal': async () => {
      const { folder } = await ports.storage.status();
      await reveal(vscode.Uri.file(folder));
    },
    'cachify.storage.backUp': () => backUp(ports),
    'cachify.storage.verify': () => verify(ports),
  };
}

/** Writes a backup and tells where it is. */
export async function backUp({ app, storage, wording }: StorageCommandPorts): Promise<void> {
  const file = await withSteadyProgress(t('Backing up the store'), () =>
    app.recorder.during({ action: 'storage.backUp' }, () => storage.backUp()),
  );
  const text = t(
    'Backed up to {0}, {1}. The newest five backups are kept.',
    file.name,
    wording.bytes(file.bytes),
  );
  informWith(text, t('Reveal'), () => vscode.commands.executeCommand('cachify.storage.reveal'));
}

async function verify({ app, documents }: StorageCommandPorts): Promise<void> {
  const isSound = await withSteadyProgress(t('Verifying the store'), () =>
    app.recorder.during(
      { action: 'storage.verify' },
      () => documents.verify(),
      (sound) => ({ status: sound ? 'success' : 'error' }),
    ),
  );
  if (isSound) inform(t('The store is sound.'));
}

/** The file manager is on the person's machine: it can show the folder only where the extension runs there too. */
async function reveal(folder: vscode.Uri): Promise<void> {
  const isHere = vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
  if (isHere) {
    await vscode.commands.executeCommand('revealFileInOS', folder);
    return;
  }
  const text = t('The store is on the machine where the extension runs: {0}', folder.fsPath);
  informWith(text, t('Copy'), () => vscode.env.clipboard.writeText(folder.fsPath));
}
