import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import tools from './tools.cjs';

const { aptIsHere, findTool, installHint } = tools;

/** Installs the npm packages when they are missing or not what the lockfile says. */
export function ensurePackages() {
  if (packagesMatchLockfile()) return;
  console.log('Installing npm packages');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    stdio: 'inherit',
    shell: onWindows,
  });
  if (status !== 0) fail('npm ci failed: see above.');
}

/** Installs the servers and the browser that are needed (`whose` says for what) where it may, else says how to and ends. */
export function ensureTools(keys, whose = 'The tests need') {
  const still = installWhatMayBe(keys);
  if (still.length > 0) fail(`${whose} ${still.join(', ')}. Run:\n  ${installHint(still)}`);
}

/** Installs what is missing of these where it may; whether all are here now. */
export function offerTools(keys) {
  return installWhatMayBe(keys).length === 0;
}

/** What is still missing afterwards. */
function installWhatMayBe(keys) {
  const missing = missingOf(keys);
  if (missing.length === 0 || !aptIsHere() || process.getuid?.() !== 0) return missing;
  const packages = missing.flatMap((key) => tools.tools[key].apt.split(' '));
  console.log(`Installing ${packages.join(' ')}`);
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
  return missingOf(keys);
}

const onWindows = process.platform === 'win32';

function missingOf(keys) {
  return [...new Set(keys)].filter((key) => findTool(key) === undefined);
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
}

/** npm writes what it installed, as a lockfile of its own, when it is done. */
function packagesMatchLockfile() {
  if (!existsSync('node_modules/.package-lock.json')) return false;
  const installed = packagesOf('node_modules/.package-lock.json');
  return Object.entries(packagesOf('package-lock.json')).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    // Packages for another platform stay out.
    return found === undefined ? wanted.optional === true : found.version === wanted.version;
  });
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
