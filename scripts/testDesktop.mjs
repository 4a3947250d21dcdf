// The in-editor suite in desktop VS Code, which @vscode/test-electron downloads. Needs a network.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SilentReporter, downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';

const root = resolve(import.meta.dirname, '..');
const cachePath = join(root, '.vscode-test');

/** The path of desktop VS Code, or undefined (having said so) when it cannot be had. */
async function desktop() {
  try {
    return await downloadAndUnzipVSCode({
      version: process.env.CACHIFY_DESKTOP ?? 'stable',
      cachePath,
      reporter: new SilentReporter(),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(
      `test:desktop has to download VS Code and could not (${reason}); npm test needs no download.`,
    );
    return undefined;
  }
}

async function run(vscodeExecutablePath) {
  const userData = mkdtempSync(join(tmpdir(), 'cachify-desktop-'));
  try {
    return await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: root,
      extensionTestsPath: join(root, 'out/test/vscode/index.js'),
      launchArgs: ['--user-data-dir', userData, '--disable-extensions', '--password-store=basic'],
    });
  } finally {
    rmSync(userData, { recursive: true, force: true });
  }
}

const executable = await desktop();
process.exitCode = executable === undefined ? 1 : await run(executable);
