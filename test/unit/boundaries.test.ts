import { strict as assert } from 'node:assert';
import { findCycle } from '../helpers/cycles';
import { type Source, sourcesIn } from '../helpers/sources';
import { violations } from './boundaryRules';

const fileCeiling = 400;
const sources = sourcesIn('src', 'webview-ui');

describe('boundaries', () => {
  it('let each area import only what the table allows, types included', () => {
    assert.deepEqual(sources.flatMap(violations), []);
  });

  it('hold no cycle between files', () => {
    assert.equal(findCycle(graphOf((path) => path))?.join(' -> '), undefined);
  });

  it('hold no cycle between the features of engine, providers and protocol', () => {
    const cycle = findCycle(
      graphOf((path) => /^src\/(?:protocol|(?:engine|providers)\/[^/]+)/.exec(path)?.[0]),
    );
    assert.equal(cycle?.join(' -> '), undefined, 'move what both folders need into the one below');
  });

  it('name acquireVsCodeApi in one file', () => {
    const users = sources.filter(({ text }) => text.includes('acquireVsCodeApi')).map(({ path }) => path);
    assert.ok(users.length <= 1, `call the rpc of webview-ui/app instead; named in ${users.join(', ')}`);
  });

  it('read what is selected in the tree in one place, behind what the editor in front shows', () => {
    const readers = sources.filter(
      ({ path, text }) => path.startsWith('src/') && text.includes('view.selection'),
    );
    assert.deepEqual(
      readers.map(({ path }) => path),
      ['src/extension/commands/pickNode'],
      'ask aimedAt of commands/pickNode instead',
    );
  });

  it('write sizes in bytes by one function on each side', () => {
    const unit = /\} [KMG]i?B\b/;
    const shown = sources.filter(({ path }) => /^(?:src\/extension|webview-ui)\//.test(path));
    const writers = shown.filter(({ text }) => unit.test(text)).map(({ path }) => path);
    assert.deepEqual(
      writers,
      ['src/extension/wording', 'webview-ui/app/format'],
      'use sizeText, Wording.bytes or formatBytes instead',
    );
  });

  it(`keep every file to ${fileCeiling} lines`, () => {
    const long = [...sources, ...sourcesIn('test', 'bench')].filter(
      ({ text }) => text.split('\n').length > fileCeiling,
    );
    assert.deepEqual(
      long.map(({ path }) => `${path}: split it by what its parts are about`),
      [],
    );
  });

  it('are checked on imports of every form', () => {
    const source: Source = {
      path: 'src/engine/keys/example',
      text: '',
      imports: [
        { kind: 'package', name: 'ioredis' },
        { kind: 'node', name: 'node:net' },
        { kind: 'file', path: 'src/engine/workflows/run' },
        { kind: 'file', path: 'src/engine/kernel/errors' },
      ],
    };
    assert.equal(violations(source).length, 3);
  });
});

/** Who imports whom, after `place` has put each file somewhere (or left it out). */
function graphOf(place: (path: string) => string | undefined): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  for (const { path, imports } of sources) {
    const from = place(path);
    if (from === undefined) continue;
    const targets = graph.get(from) ?? new Set<string>();
    for (const imported of imports) {
      const to = imported.kind === 'file' ? place(imported.path) : undefined;
      if (to !== undefined && to !== from) targets.add(to);
    }
    graph.set(from, targets);
  }
  return graph;
}
