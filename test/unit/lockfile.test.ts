import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../helpers/repository';

interface Entry {
  version: string;
  integrity?: string;
  resolved?: string;
  link?: boolean;
  name?: string;
  license?: string;
  hasInstallScript?: boolean;
}
interface Lockfile {
  lockfileVersion: number;
  packages: Record<string, Entry>;
}

describe('the lockfile', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'cachify-lock-'))));
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    for (const name of ['package.json', 'package-lock.json', '.npmrc'])
      cpSync(join(repositoryRoot, name), join(folder, name));
  });

  /** What `npm run lint` says of the files in the folder. */
  function said(): string {
    const script = join(repositoryRoot, 'scripts/checkLockfile.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
    assert.equal(status, stderr === '' ? 0 : 1);
    return stderr.trim();
  }
  function change(how: (lock: Lockfile) => void): void {
    const path = join(folder, 'package-lock.json');
    const lock = JSON.parse(readFileSync(path, 'utf8')) as Lockfile;
    how(lock);
    writeFileSync(path, JSON.stringify(lock));
  }

  it('names only packages of a registry, each with what its content must be', () => {
    assert.equal(said(), '');
  });

  const driver = 'node_modules/ioredis';
  const cases: readonly (readonly [what: string, change: Partial<Entry>, says: RegExp])[] = [
    ['from a repository', { resolved: 'git+ssh://git@example.invalid/x.git#1' }, /address of its own/],
    ['from an address', { resolved: 'https://example.invalid/x.tgz' }, /address of its own/],
    ['without a hash', { integrity: '' }, /no SHA-512/],
    ['with a weak hash', { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }, /no SHA-512/],
    ['that is a folder', { link: true }, /not installed from a registry/],
    ['that is another one', { name: 'io-redis' }, /another package, io-redis/],
    ['that runs a script', { hasInstallScript: true }, /wants to run a script/],
    ['of a licence that we cannot ship', { license: 'GPL-3.0' }, /shipped under GPL-3.0/],
  ];
  for (const [what, changed, says] of cases)
    it(`is refused with a package ${what}`, () => {
      change(({ packages }) => Object.assign(packages[driver]!, changed));
      assert.match(said(), says);
    });

  it('is refused with a version that is known to be bad, wherever in the tree', () => {
    change(({ packages }) => {
      packages['node_modules/ioredis/node_modules/debug'] = {
        ...packages['node_modules/debug']!,
        version: '4.4.2',
      };
      packages['node_modules/protobufjs']!.version = '7.5.4';
    });
    assert.match(said(), /ioredis\/node_modules\/debug 4\.4\.2: malware/);
    assert.match(said(), /protobufjs 7\.5\.4: .*CVE-2026-41242/);
  });

  it('is refused when a dependency is named by an address, or scripts may run', () => {
    const manifest = readFileSync(join(folder, 'package.json'), 'utf8');
    writeFileSync(
      join(folder, 'package.json'),
      manifest.replace(/"ioredis": "[^"]+"/, '"ioredis": "github:x/ioredis"'),
    );
    writeFileSync(join(folder, '.npmrc'), 'audit=false\n');
    assert.match(said(), /ioredis in package.json: github:x\/ioredis/);
    assert.match(said(), /\.npmrc lets packages run scripts/);
  });
});
