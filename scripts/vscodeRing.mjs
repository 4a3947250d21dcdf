// Runs test/vscode inside a real extension host. Usage: node scripts/vscodeRing.mjs
import { createWriteStream, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import extensionHost from '../out/test/helpers/extensionHost.js';

const root = resolve(import.meta.dirname, '..');
const logFile = resolve(root, 'artifacts/vscode-ring.log');
const mark = '[test] ';

mkdirSync(resolve(root, 'artifacts'), { recursive: true });
const everything = createWriteStream(logFile);

/** The tests' own lines are shown; the workbench's chatter goes to a file. */
function log(line) {
  everything.write(`${line}\n`);
  if (line.startsWith(mark)) console.log(line.slice(mark.length));
}

process.exitCode = await extensionHost.runInExtensionHost({
  entry: resolve(root, 'out/test/vscode/index.js'),
  env: { CACHIFY_TEST_MARK: mark, CACHIFY_RESULTS: process.env.CACHIFY_RESULTS ?? '' },
  log,
});
everything.end();
if (process.exitCode !== 0) console.log(`The extension host's whole output is in ${logFile}`);
