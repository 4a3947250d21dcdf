import { strict as assert } from 'node:assert';
import { posix, win32 } from 'node:path';
import { fileName } from '../../../src/extension/fileName';

const labels = [
  '..',
  '../../x',
  String.raw`..\x`,
  '/etc/passwd',
  'C:x',
  '.bashrc',
  '-rf',
  '',
  '.',
  'a:b',
  'NUL',
  'com1.x',
];

describe('The name of a file made of a label', () => {
  it('stays in the folder, whatever the label is', () => {
    for (const label of [...labels, 'a'.repeat(10_000), 'é\u202etxt.exe\n']) {
      for (const path of [posix, win32]) {
        const name = fileName(label, '.jsonl');
        assert.equal(path.join('folder', name), `folder${path.sep}${name}`);
        assert.match(name, /^[A-Za-z0-9_][\w.-]{0,90}\.jsonl$/);
      }
    }
  });

  it('is no device of Windows, and ends in no dot', () => {
    for (const label of ['NUL', 'nul.txt', 'com1', 'LPT9.x', 'con']) assert.match(fileName(label), /^_/);
    for (const label of ['a.', '..', 'x'.repeat(79) + '..']) assert.doesNotMatch(fileName(label), /\.$/);
  });

  it('is the label where that is a name already', () => {
    assert.equal(fileName('user-1.profile_2', '.redis'), 'user-1.profile_2.redis');
    assert.equal(fileName('console'), 'console');
  });
});
