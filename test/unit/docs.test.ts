import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../helpers/repository';

const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'src/engine/kernel/README.md',
  ...readdirSync(join(repositoryRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** Folders whose files the pages name as code. */
const named = /`((?:\.ci|\.github|bench|docs|media|scripts|src|test|webview-ui)\/[\w./-]+)`/g;
/** A test, as a file and a part of its title. */
const testNamed = /`(test\/[\w./-]+\.test\.tsx?)` “([^”]+)”/g;
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

  it('names tests that exist, and a test for each defence of the threat model', () => {
    assert.deepEqual(missingTests(), []);
    const rows = matches('docs/decisions/23-threat-model.md', /^\| (?!-|What )(.+)$/gm);
    assert.ok(rows.length > 10, `${rows.length} rows`);
    assert.deepEqual(
      rows.filter((row) => row.match(testNamed) === null),
      [],
    );
  });
});

/** Tests that the pages name, by file and a part of the title, and that are not there. */
function missingTests(): string[] {
  return pages.flatMap((page) =>
    [...read(page).matchAll(testNamed)]
      .filter(([, file = '', title = '']) => !read(file).includes(title))
      .map(([whole]) => `${page}: ${whole}`),
  );
}

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
