import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../helpers/repository';

describe('the workflows', () => {
  const folder = join(repositoryRoot, '.github/workflows');
  const lines = readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').split(/\r?\n/),
  );

  it('run actions of one commit each, which no tag can move', () => {
    const uses = lines.filter((line) => /\buses:/.test(line));
    assert.ok(uses.length > 5);
    assert.deepEqual(
      uses.filter((line) => !/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)),
      [],
    );
  });

  it('may read the repository and nothing more', () => {
    const granted = lines.filter((line) => /^\s+[a-z-]+: (?:read|write)(?:-all)?$/.test(line));
    assert.deepEqual([...new Set(granted.map((line) => line.trim()))], ['contents: read']);
  });
});
