import { strict as assert } from 'node:assert';
import * as ts from 'typescript';
import { manifest, parsed, readText } from './manifestFile';

const { menus, keybindings, colors, viewsContainers } = manifest.contributes;
const items = menus['view/item/context'] ?? [];
const kinds = ['connection', 'place', 'namespace', 'folder', 'key'];

/** The words a `when` clause asks of `viewItem`. */
const wordsOf = (when = ''): string[] =>
  [...when.matchAll(/viewItem =~ \/\\b(\w+)\\b\//g)].map(([, word = '']) => word);

/** Every word that treeItems.ts may put into a contextValue: the texts in its calls and in what they are made of. */
function wordsOfTree(): Set<string> {
  const words = new Set<string>(['redis', 'memcached', 'dev', 'staging', 'prod']);
  const source = parsed('src/extension/trees/treeItems.ts');
  const collect = (node: ts.Node): void => {
    if (ts.isStringLiteral(node)) words.add(node.text);
    ts.forEachChild(node, collect);
  };
  const visit = (node: ts.Node): void => {
    const isCall = ts.isCallExpression(node) && node.expression.getText(source) === 'contextValue';
    const isPart =
      (ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node)) &&
      /^(words|filtered|scanWords)$/.test(node.name?.getText(source) ?? '');
    if (isCall || isPart) collect(node);
    else ts.forEachChild(node, visit);
  };
  visit(source);
  return words;
}

describe('the menu of an item', () => {
  it('C8: asks only for words that the tree gives', () => {
    const given = wordsOfTree();
    const asked = new Set(items.flatMap(({ when }) => wordsOf(when)));
    assert.ok(asked.size > kinds.length);
    assert.deepEqual(
      [...asked].filter((word) => !given.has(word)),
      [],
    );
    assert.doesNotMatch(JSON.stringify(items), /viewItem ==/);
  });

  it('C7: has known groups, belongs to one kind of item of our view, and each entry once', () => {
    for (const { command, when = '', group = '' } of items) {
      assert.match(group, /^(inline|1_open|2_edit|3_copy|7_manage|9_delete)@\d+$/, command);
      assert.match(when, /^view == cachify\.keys && /, command);
      assert.equal(wordsOf(when).filter((word) => kinds.includes(word)).length, 1, `${command}: ${when}`);
    }
    const places = items.map(({ when, group }) => `${wordsOf(when)[0]} ${group}`);
    assert.deepEqual(
      places.filter((place, i) => places.indexOf(place) !== i),
      [],
    );
  });

  it('C7: has at most three buttons a row, none of which destroys', () => {
    const inline = items.filter(({ group = '' }) => group.startsWith('inline'));
    for (const kind of kinds)
      assert.ok(inline.filter(({ when }) => wordsOf(when).includes(kind)).length <= 3, kind);
    assert.deepEqual(
      inline.filter(({ command }) => /delete|remove|replace/i.test(command)),
      [],
    );
    for (const { command, group = '' } of items)
      if (/\.delete$/.test(command)) assert.match(group, /^9_delete/, command);
  });

  it('G61: offers every button of a row in its menu too, for keyboards', () => {
    const inline = items.filter(({ group = '' }) => group.startsWith('inline'));
    for (const { command, when } of inline)
      assert.ok(
        items.some((item) => item.command === command && item.when === when && !inline.includes(item)),
        command,
      );
  });

  it('shows what writes to a server on writable items only', () => {
    const writes =
      /^cachify\.(key\.(new|newFromFile|loadValue|rename|duplicate|setTtl|removeTtl|delete)|keys\.import|folder\.delete)$/;
    for (const { command, when } of items)
      if (writes.test(command)) assert.ok(wordsOf(when).includes('writable'), command);
  });

  it('shows what acts on one item only when one is selected', () => {
    const handlesMany = /OnMany</;
    const contractText = readText('src/extension/contract.ts');
    for (const { command, when = '' } of items) {
      if (!wordsOf(when).includes('key')) continue;
      const type = contractText.split(`'${command}': `)[1]?.split(';')[0] ?? '';
      assert.equal(when.includes('!listMultiSelection'), !handlesMany.test(type), command);
    }
  });
});

describe('keybindings', () => {
  it('C21: are few, held to our view or panel, and work on a Mac', () => {
    assert.ok(keybindings.length <= 6);
    for (const { command, key = '', mac, when = '' } of keybindings) {
      assert.match(when, /(focusedView|activeWebviewPanelId) == cachify\./, command);
      assert.ok(mac, command);
      for (const keys of [key, mac]) assert.doesNotMatch(keys, /^\S$|^shift\+\S$/, command);
    }
  });

  it('are none for what deletes or renames: a key acts on the selection, which may not be the item in focus', () => {
    const acts = keybindings.filter(({ command }) => /\.(delete|rename)$/.test(command));
    assert.deepEqual(acts, []);
  });
});

describe('colours and icons', () => {
  it('C15: have a default for each kind of theme', () => {
    for (const { id, defaults } of colors) {
      assert.deepEqual(
        Object.keys(defaults).sort(),
        ['dark', 'highContrast', 'highContrastLight', 'light'],
        id,
      );
      assert.match(id, /^cachify\./);
    }
  });

  it('C15: are those the tree uses', () => {
    const declared = new Set(colors.map(({ id }) => id));
    for (const environment of ['dev', 'staging', 'prod'])
      assert.ok(declared.has(`cachify.environment.${environment}`));
  });

  it('C1: draw the container in one colour on a 24 by 24 grid', () => {
    for (const { icon } of viewsContainers.activitybar) {
      const svg = readText(icon);
      assert.match(svg, /viewBox="0 0 24 24"/);
      const colours = new Set(
        [...svg.matchAll(/(?:fill|stroke)="(?!none)([^"]+)"/g)].map(([, colour]) => colour),
      );
      assert.ok(colours.size <= 1, [...colours].join());
    }
  });
});
