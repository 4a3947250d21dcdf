import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../helpers/repository';

const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'src/engine/kernel/README.md',
  ...readdirSync(join(repositoryRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** Folders whose files the pages name as code. */
const named = /`((?:\.ci|\.github|bench|docs|media|scripts|src|test|webview-ui)\/[\w./-]+)`/g;
const linked = /\]\((?!https?:)([^)#\s]+)/g;

describe('the documentation', () => {
  it('has the settings and commands of package.json in README.md', () => {
    const script = join(repositoryRoot, 'scripts/readmeTables.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });

  it('explains each dependency of package.json, and no other', () => {
    const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
    const wanted = Object.keys({ ...manifest['dependencies'], ...manifest['devDependencies'] });
    const rows = matches('docs/dependencies.md', /^\| `([^`]+)`/gm);
    assert.deepEqual(rows.sort(), wanted.sort());
  });

  it('links to files that exist', () => {
    assert.deepEqual(missing(linked, dirname), []);
  });

  it('names files that exist', () => {
    assert.deepEqual(
      missing(named, () => ''),
      [],
    );
  });
});

/** What the pages name by `pattern` and is not there, seen from the folder that `folderOf` gives for the page. */
function missing(pattern: RegExp, folderOf: (page: string) => string): string[] {
  return pages.flatMap((page) =>
    matches(page, pattern)
      .filter((name) => !existsSync(join(repositoryRoot, folderOf(page), name)))
      .map((name) => `${page}: ${name}`),
  );
}

function matches(page: string, pattern: RegExp): string[] {
  return [...read(page).matchAll(pattern)].map(([, name = '']) => name);
}

function read(file: string): string {
  return readFileSync(join(repositoryRoot, file), 'utf8');
}
