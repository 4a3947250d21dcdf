import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onWindows } from './processes';
import { repositoryRoot } from './repository';

const run = promisify(execFile);
const cache = join(repositoryRoot, '.vscode-test');
const serverFolder = 'node_modules/code-server/lib/vscode';

/** A VS Code that comes as an npm package with Microsoft's server and web workbench inside. */
export interface EditorVersion {
  readonly version: string;
  readonly nodeMajor: number;
  readonly flags: readonly string[];
}

const editors: Readonly<Record<string, EditorVersion>> = {
  floor: { version: '4.100.3', nodeMajor: 20, flags: [] },
  latest: { version: '4.139.1', nodeMajor: 24, flags: ['--enable-smoke-test-driver'] },
};

/** The editor a run uses: CACHIFY_EDITOR names it (`floor`, `latest`), the oldest supported one when unset. */
export function chosenEditor(): EditorVersion {
  const name = process.env['CACHIFY_EDITOR'] ?? 'floor';
  const editor = editors[name];
  if (editor === undefined) {
    throw new Error(`CACHIFY_EDITOR is "${name}": use ${Object.keys(editors).join(' or ')}`);
  }
  return editor;
}

/** Installs the editor unless it is cached; gives the Node binary and the server's entry file. */
export async function installEditor(editor: EditorVersion): Promise<{ node: string; main: string }> {
  const home = await cached(`code-server-${editor.version}`, async (folder) => {
    await npmInstall(folder, `code-server@${editor.version}`);
    await npm(['install', '--omit=dev'], join(folder, serverFolder));
  });
  return { node: await nodeBinary(editor.nodeMajor), main: join(home, serverFolder, 'out/server-main.js') };
}

/** The running Node when it is the version the editor needs, else one from the npm registry. */
async function nodeBinary(major: number): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const name = `node-${onWindows ? 'win' : process.platform}-${process.arch}`;
  const home = await cached(`${name}-${major}`, (folder) => npmInstall(folder, `${name}@${major}`));
  return join(home, 'node_modules', name, 'bin', onWindows ? 'node.exe' : 'node');
}

/** A folder of the cache, filled beside and renamed into place, so that it is whole or absent. */
async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const home = join(cache, name);
  if (existsSync(home)) return home;
  console.log(`Installing ${name} into .vscode-test (once)`);
  await mkdir(cache, { recursive: true });
  const partial = await mkdtemp(join(cache, `partial-${name}-`));
  try {
    await fill(partial);
    await rename(partial, home);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Another run may have finished the same installation first.
    if (!existsSync(home)) throw error;
  }
  return home;
}

function npmInstall(folder: string, spec: string): Promise<void> {
  return npm(['install', '--prefix', folder, '--no-save', spec], folder);
}

async function npm(args: readonly string[], cwd: string): Promise<void> {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const command = onWindows ? 'npm.cmd' : 'npm';
  await run(command, [...args, ...quiet], { cwd, shell: onWindows, maxBuffer: 1 << 26 });
}
