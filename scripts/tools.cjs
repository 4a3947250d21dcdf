// @ts-check
const { accessSync, constants } = require('node:fs');
const { delimiter, join } = require('node:path');

const windows = process.platform === 'win32';
const suffixes = windows ? ['.exe', '.cmd', ''] : [''];

/**
 * What the tests need beside npm packages: names on PATH, where else to look, and how to get it.
 * `variable` names an environment variable with the path of the program to take instead.
 * @typedef {{ names: string[], variable?: string, elsewhere?: string[], apt: string, brew: string }} Tool
 * @typedef {'redis-server' | 'redis-cli' | 'memcached' | 'saslpasswd2' | 'openssl' | 'chromium' | 'mmdebstrap'} ToolKey
 * @type {Record<ToolKey, Tool>}
 */
const tools = {
  'redis-server': {
    names: ['redis-server', 'valkey-server'],
    variable: 'CACHIFY_REDIS_SERVER',
    apt: 'redis-server',
    brew: 'redis',
  },
  'redis-cli': { names: ['redis-cli', 'valkey-cli'], apt: 'redis-tools', brew: 'redis' },
  memcached: {
    names: ['memcached'],
    variable: 'CACHIFY_MEMCACHED_SERVER',
    apt: 'memcached',
    brew: 'memcached',
  },
  saslpasswd2: {
    names: ['saslpasswd2'],
    elsewhere: ['/usr/sbin/saslpasswd2'],
    apt: 'sasl2-bin',
    brew: 'cyrus-sasl',
  },
  openssl: { names: ['openssl'], apt: 'openssl', brew: 'openssl' },
  chromium: {
    names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'msedge'],
    elsewhere: [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
      String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
    ],
    apt: 'chromium fonts-liberation',
    brew: '--cask chromium',
  },
  mmdebstrap: { names: ['mmdebstrap'], apt: 'mmdebstrap', brew: '' },
};

/**
 * The full path of a tool, or undefined when this machine has none.
 * @param {ToolKey} key
 * @returns {string | undefined}
 */
function findTool(key) {
  const { names, variable = '', elsewhere = [] } = tools[key];
  const chosen = process.env[variable];
  if (chosen) return isExecutable(chosen) ? chosen : undefined;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = names.flatMap((name) =>
    folders.flatMap((folder) => suffixes.map((suffix) => join(folder, name + suffix))),
  );
  return [...onPath, ...elsewhere].find(isExecutable);
}

/**
 * The full path of a tool; throws when there is none, saying what would provide it.
 * @param {ToolKey} key
 * @returns {string}
 */
function requireTool(key) {
  const found = findTool(key);
  if (found === undefined) throw new Error(`${key} is not on PATH. ${installHint([key])}`);
  return found;
}

/**
 * The command that provides the named tools on this kind of machine.
 * @param {ToolKey[]} keys
 * @returns {string}
 */
function installHint(keys) {
  const packages = keys.map((key) => tools[key].apt).join(' ');
  if (process.platform === 'darwin') return keys.map((key) => `brew install ${tools[key].brew}`).join(' && ');
  if (aptIsHere()) {
    return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages}`;
  }
  return `docker run --rm -v "$PWD":/src -w /src node:20-bookworm npm test   (brings its own ${keys.join(', ')})`;
}

/** Whether this machine installs Debian packages. */
function aptIsHere() {
  return isExecutable('/usr/bin/apt-get');
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

module.exports = { tools, findTool, requireTool, installHint, aptIsHere };
