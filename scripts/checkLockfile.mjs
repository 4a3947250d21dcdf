// What the lockfile alone tells of the packages it names; without a network, and before any of them is installed.
// Usage: node scripts/checkLockfile.mjs [folder of package.json and package-lock.json]
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const scripts = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2] ?? join(scripts, '..');
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const denied = read(join(scripts, 'deniedPackages.json'));

/** Packages that bring a script which npm would run; ours is told not to by .npmrc, and works without. */
const withScripts = new Set(['@vscode/vsce-sign', 'esbuild', 'keytar']);

/** Licences of what is in the package we ship. */
const shippable = new Set(['0BSD', 'Apache-2.0', 'BSD-3-Clause', 'CC-BY-4.0', 'ISC', 'MIT']);

const lock = read(join(folder, 'package-lock.json'));
const manifest = read(join(folder, 'package.json'));
const problems = [...ofFile(), ...ofManifest(), ...Object.entries(lock.packages).flatMap(ofEntry)];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

function ofFile() {
  const npmrc = readFileSync(join(folder, '.npmrc'), 'utf8');
  return [
    ...(lock.lockfileVersion === 3 ? [] : ['package-lock.json is not of version 3']),
    ...(/^ignore-scripts=true\r?$/m.test(npmrc)
      ? []
      : ['.npmrc lets packages run scripts when they are installed']),
  ];
}

/** Whatever is named must come from a registry, by a version. */
function ofManifest() {
  const named = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
  return Object.entries(named).flatMap(([name, range]) =>
    /^[\^~]?\d+\.\d+\.\d+$/.test(range)
      ? []
      : [`${name} in package.json: ${range} is no version of a registry`],
  );
}

function ofEntry([path, entry]) {
  if (path === '') return [];
  const at = path.lastIndexOf('node_modules/');
  const name = entry.name ?? path.slice(at + 'node_modules/'.length);
  const say = (what) => [`${path} ${entry.version}: ${what}`];
  return [
    ...(at < 0 || entry.link || entry.inBundle ? say('is not installed from a registry') : []),
    ...(isAlias(path, entry) ? say(`is another package, ${entry.name}`) : []),
    ...(entry.resolved === undefined ? [] : say(`is fetched from an address of its own, ${entry.resolved}`)),
    ...(/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity ?? '')
      ? []
      : say('has no SHA-512 of its content')),
    ...(entry.hasInstallScript && !withScripts.has(name)
      ? say('wants to run a script when it is installed')
      : []),
    ...(entry.dev || shippable.has(entry.license) ? [] : say(`is shipped under ${entry.license}`)),
    ...denied.flatMap((rule) => (isDenied(rule, name, entry.version) ? say(rule.why) : [])),
  ];
}

function isAlias(path, { name }) {
  return name !== undefined && !path.endsWith(`node_modules/${name}`);
}

function isDenied({ versions = {}, below = {} }, name, version) {
  if (Object.hasOwn(versions, name) && versions[name].includes(version)) return true;
  return Object.hasOwn(below, name) && isBefore(numbers(version), numbers(below[name]));
}

function isBefore(version, other) {
  const at = version.findIndex((number, index) => number !== other[index]);
  return at >= 0 && version[at] < other[at];
}

function numbers(version) {
  return version.split(/[.+-]/).slice(0, 3).map(Number);
}
