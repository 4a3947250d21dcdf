import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { chosenEditor, installEditor } from './editorInstall';
import { onWindows, stopProcess } from './processes';
import { artifacts } from './repository';

const run = promisify(execFile);

/** User settings of every test editor: nothing asks, nothing phones home, dialogs are part of the page. */
const quietSettings: Settings = {
  'workbench.startupEditor': 'none',
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'window.dialogStyle': 'custom',
  'files.simpleDialog.enable': true,
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'git.enabled': false,
};

/** User settings by their full names. */
export type Settings = Readonly<Record<string, unknown>>;

/** How an editor server starts. */
export interface EditorServerOptions {
  /** User settings, over the quiet defaults; written before the start. */
  readonly settings?: Settings;
  /** true: workspace trust is on, as for a person; false (default): everything is trusted. */
  readonly trust?: boolean;
  /** A packaged extension, installed before the start. */
  readonly vsix?: string;
  /** What the extension host finds in its environment, besides ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** Windows open only with this token in their address; none by default. */
  readonly token?: string;
}

/** A running editor; whoever started it stops it. */
export interface EditorServer {
  readonly url: string;
  readonly authority: string;
  /** The server's data folder: `data/User` inside holds settings and global storage. */
  readonly dataDir: string;
  /** What the address of a window must hold, when anything. */
  readonly token: string | undefined;
  stop(): Promise<void>;
}

/** Starts an editor server on a free loopback port with a data folder of its own. */
export async function startEditorServer(options: EditorServerOptions = {}): Promise<EditorServer> {
  const { vsix, trust = false, env = {}, token } = options;
  const editor = chosenEditor();
  const { node, main } = await installEditor(editor);
  const dataDir = await createDataDir(options.settings);
  const common = [main, '--server-data-dir', dataDir, '--accept-server-license-terms'];
  if (vsix !== undefined)
    await installOrRemove(dataDir, () => run(node, [...common, '--install-extension', vsix]));
  const place = ['--host', '127.0.0.1', '--port', '0', '--disable-telemetry'];
  const tokenFlags = token === undefined ? ['--without-connection-token'] : ['--connection-token', token];
  const trustFlags = trust ? [] : ['--disable-workspace-trust'];
  const child = spawn(node, [...common, ...place, ...tokenFlags, ...trustFlags, ...editor.flags], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: !onWindows,
  });
  return listening(child, dataDir, token);
}

async function installOrRemove(dataDir: string, install: () => Promise<unknown>): Promise<void> {
  try {
    await install();
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
}

async function createDataDir(settings: Settings = {}): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cachify-editor-'));
  const user = join(dataDir, 'data/User');
  await mkdir(user, { recursive: true });
  await writeFile(
    join(user, 'settings.json'),
    JSON.stringify({ ...quietSettings, ...settings }, undefined, 2),
  );
  return dataDir;
}

async function listening(child: ChildProcess, dataDir: string, token?: string): Promise<EditorServer> {
  const stop = async (): Promise<void> => {
    await stopProcess(child);
    await keepLogs(dataDir);
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const authority = `127.0.0.1:${await listeningPort(child)}`;
    return { url: `http://${authority}/`, authority, dataDir, token, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The logs of the last run stay behind for whoever has to find out what went wrong. */
async function keepLogs(dataDir: string): Promise<void> {
  const logs = join(dataDir, 'data/logs');
  if (existsSync(logs)) await cp(logs, join(artifacts, 'editor-logs'), { recursive: true });
}

/** Resolves with the port the server names on its output; rejects with that output if it exits instead. */
function listeningPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const seen: string[] = [];
    const read = (line: string): void => {
      seen.push(line);
      const port = /Extension host agent listening on (\d+)/.exec(line)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    for (const input of [child.stdout, child.stderr]) {
      if (input !== null) createInterface({ input }).on('line', read);
    }
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`The editor server exited (${String(code)}):\n${seen.join('\n')}`));
    });
  });
}
