import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { demoSettings } from './editorSettings.mjs';

const onWindows = process.platform === 'win32';

/** The `code` of desktop VS Code, or undefined where there is none or it would open somewhere else. */
export function findDesktop() {
  // In a terminal of VS Code's own server, and below WSL, `code` talks to a window elsewhere.
  if (process.env.VSCODE_IPC_HOOK_CLI || process.env.WSL_DISTRO_NAME) return undefined;
  const screen = process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (process.platform === 'linux' && !screen) return undefined;
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, onWindows ? 'code.cmd' : 'code')).find(existsSync);
}

/** Folders of a VS Code of its own, with the package installed in it. */
export async function prepareDesktop(code, vsix) {
  const home = await mkdtemp(join(tmpdir(), 'cachify-demo-'));
  const userFolder = join(home, 'data/User');
  const workspace = join(home, 'demo');
  await mkdir(userFolder, { recursive: true });
  await mkdir(workspace);
  await writeFile(join(userFolder, 'settings.json'), JSON.stringify(demoSettings, undefined, 2));
  const common = ['--user-data-dir', join(home, 'data'), '--extensions-dir', join(home, 'extensions')];
  if (process.getuid?.() === 0) common.push('--no-sandbox');
  const { status, stderr, error } = run(code, [...common, '--install-extension', vsix]);
  if (status === 0) return { code, common, userFolder, workspace, home };
  await rm(home, { recursive: true, force: true });
  throw error ?? new Error(stderr.toString());
}

/** Opens the window; `closed` resolves when the person has closed it. */
export function openDesktop({ code, common, workspace }) {
  const args = [...common, '--disable-workspace-trust', '--new-window', '--wait', workspace];
  const child = spawn(code, args, { stdio: 'ignore', shell: onWindows });
  const closed = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { closed };
}

/** Ends the editor by the process id it wrote into its own folder, and removes that folder. */
export async function removeDesktop({ home }) {
  const lock = join(home, 'data/code.lock');
  const pid = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : NaN;
  if (Number.isSafeInteger(pid) && pid > 1) endEditor(pid);
  await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

function endEditor(pid) {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function run(command, args) {
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], shell: onWindows });
}
