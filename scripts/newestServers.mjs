import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { offerTools } from './prerequisites.mjs';
import tools from './tools.cjs';

const cache = resolve('.vscode-test/servers');
const programs = ['redis-server', 'valkey-server', 'memcached'];

/** Debian's name of this machine's architecture, and its program loader. */
const platforms = {
  x64: { triplet: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
  arm64: { triplet: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' },
};

/** What the variables that name a newest server stand for: a program that takes the server's own arguments. */
const named = {
  'redis-server': process.env.CACHIFY_NEWEST_REDIS,
  'valkey-server': process.env.CACHIFY_NEWEST_VALKEY,
  memcached: process.env.CACHIFY_NEWEST_MEMCACHED,
};

/**
 * The newest servers as paths of programs by name: those that variables name, else Debian's newest packages, unpacked
 * beside the test editors and started without being installed. Undefined where neither can be had.
 */
export function newestServers() {
  if (programs.every((program) => named[program])) return named;
  const folder = unpacked();
  if (folder === undefined) return undefined;
  return Object.fromEntries(programs.map((program) => [program, named[program] ?? starter(folder, program)]));
}

/** How to give the newest servers to a machine that cannot unpack Debian's. */
export const newestServersHint =
  'name their programs in CACHIFY_NEWEST_REDIS, CACHIFY_NEWEST_VALKEY and CACHIFY_NEWEST_MEMCACHED';

/** The folder of the unpacked packages, filled beside and renamed into place, so that it is whole or absent. */
function unpacked() {
  const home = join(cache, 'newest');
  if (existsSync(home)) return home;
  const mirror = debianMirror();
  if (mirror === undefined || !offerTools(['mmdebstrap'])) return undefined;
  console.log('Unpacking the newest servers into .vscode-test (once)');
  mkdirSync(cache, { recursive: true });
  const partial = join(cache, `partial-${process.pid}`);
  const how = ['--variant=extract', '--quiet', '--aptopt=Acquire::Check-Valid-Until "false"'];
  const what = `--include=${[...programs, 'dash'].join(',')}`;
  const args = [...how, what, 'sid', partial, mirror];
  const { status } = spawnSync(tools.requireTool('mmdebstrap'), args, { stdio: 'ignore' });
  if (status === 0) renameSync(partial, home);
  else rmSync(partial, { recursive: true, force: true });
  return status === 0 ? home : undefined;
}

/** Where this machine's own apt gets Debian's main archive from; undefined where it gets none, or may not unpack. */
function debianMirror() {
  if (!(process.arch in platforms) || process.getuid?.() !== 0) return undefined;
  const { stdout, status } = spawnSync('apt-get', ['indextargets', '--format', '$(SITE)'], {
    encoding: 'utf8',
  });
  if (status !== 0) return undefined;
  return stdout.split('\n').find((site) => /\/debian\/?$/.test(site));
}

/** A program that runs an unpacked server with the libraries it was unpacked with. */
function starter(folder, program) {
  const { triplet, loader } = platforms[process.arch];
  const libraries = join(folder, 'usr/lib', triplet);
  const file = join(cache, `start-${program}`);
  const command = [join(libraries, loader), '--library-path', libraries, join(folder, 'usr/bin', program)];
  writeFileSync(file, `#!/bin/sh\nexec ${command.map((word) => `'${word}'`).join(' ')} "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}
