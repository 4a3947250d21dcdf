import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packagedExtension, repositoryRoot } from '../helpers/repository';

const golden = join(repositoryRoot, 'test/golden/vsix-files.txt');
const budgetBytes = 2.5 * 1024 * 1024;

describe('the package', function () {
  this.timeout(60_000);
  let files: readonly string[] = [];

  before(() => {
    files = listing();
  });

  it('holds exactly the files of test/golden/vsix-files.txt', () => {
    const wanted = readFileSync(golden, 'utf8').trim().split('\n');
    assert.deepEqual(files, wanted, 'if the change is meant: npm run golden:vsix');
  });

  it('is no larger than 2.5 MB', () => {
    const { size } = statSync(packagedExtension);
    assert.ok(size <= budgetBytes, `${size} bytes`);
  });

  it('holds no native module and no source map', () => {
    assert.deepEqual(
      files.filter((file) => /\.(node|exe|dll|so|dylib|map)$/.test(file)),
      [],
    );
  });
});

/** The files of the package, as the packager itself lists them. */
function listing(): string[] {
  const packager = join(repositoryRoot, 'node_modules/@vscode/vsce/vsce');
  const output = execFileSync(process.execPath, [packager, 'ls', '--no-dependencies'], {
    cwd: repositoryRoot,
    encoding: 'utf8',
  });
  return output.trim().split(/\r?\n/).sort();
}
