import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../helpers/repository';
import { contract, holds, manifest, readText, texts, textOf } from './manifestFile';

const { contributes } = manifest;
const commands = contributes.commands.map(({ command }) => command);
const settings = contributes.configuration.properties;
const whens = [
  ...contributes.viewsWelcome,
  ...contributes.keybindings,
  ...Object.values(contributes.menus).flat(),
].map(({ when = '' }) => when);

/** Commands of the editor that a welcome text may offer. */
const ofTheEditor = ['workbench.trust.manage'];

describe('the manifest and the contract', () => {
  it('name the same commands', () => {
    assert.deepEqual([...commands].sort(), [...contract('Commands').keys()].sort());
  });

  it('name the same settings', () => {
    assert.deepEqual(Object.keys(settings).sort(), [...contract('Settings').keys()].sort());
  });

  it('show menus, welcomes and keys by the same context keys', () => {
    const used = new Set(whens.flatMap((when) => when.match(/(?<![=!]= )\bcachify\.[\w.]+/g) ?? []));
    assert.deepEqual([...used].sort(), [...contract('ContextKeys').keys()].sort());
  });

  it('name no command anywhere that does not exist', () => {
    const named = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(
      ({ command }) => command,
    );
    const linked = Object.values(texts).flatMap((text) =>
      [...text.matchAll(/\(command:([\w.]+)/g)].map(([, id]) => id),
    );
    const events = contributes.walkthroughs.flatMap(({ steps }) =>
      steps.flatMap((step) => step.completionEvents),
    );
    const completing = events.map((event) => event.replace(/^onCommand:/, ''));
    const known = new Set([...commands, ...ofTheEditor]);
    assert.deepEqual(
      [...named, ...linked, ...completing].filter((id = '') => !known.has(id)),
      [],
    );
  });
});

describe('the texts of the manifest', () => {
  it('are all defined, and none is left over', () => {
    const used = [...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(texts).sort());
  });
});

describe('commands', () => {
  it('C4: have an id of noun and verb, the category, and a sentence-style title', () => {
    for (const { command, title, category } of contributes.commands) {
      assert.match(command, /^cachify\.[a-z]+\.[a-z][A-Za-z]+$/);
      assert.equal(textOf(category ?? ''), 'Cachify Studio', command);
      assert.match(textOf(title), /^[A-Z][a-z]+( [a-z]+)*…?$/, command);
    }
  });

  it('C4: have icons that are codicons', () => {
    const codicons = readFileSync(
      join(repositoryRoot, 'node_modules/@vscode/codicons/dist/codicon.css'),
      'utf8',
    );
    for (const { command, icon } of contributes.commands) {
      if (icon === undefined) continue;
      assert.equal(typeof icon, 'string', command);
      const [, name] = /^\$\(([a-z-]+)\)$/.exec(icon) ?? [];
      assert.ok(name !== undefined && codicons.includes(`.codicon-${name}:before`), `${command}: ${icon}`);
    }
  });

  it('C4: have an icon when they stand inline or in a title bar', () => {
    const shown = Object.values(contributes.menus)
      .flat()
      .filter(({ group = '' }) => /^(inline|navigation)/.test(group));
    const iconOf = new Map(contributes.commands.map(({ command, icon }) => [command, icon]));
    assert.deepEqual(
      shown.filter(({ command }) => iconOf.get(command) === undefined),
      [],
    );
  });

  it('C5: are not in the palette when only an item of the tree tells what they are for', () => {
    const palette = contributes.menus['commandPalette'] ?? [];
    const hidden = new Set(palette.filter(({ when }) => when === 'false').map(({ command }) => command));
    for (const [command, type] of contract('Commands'))
      if (/^On<(More|Folder)Node>$/.test(type)) assert.ok(hidden.has(command), command);
  });
});

describe('views', () => {
  it('C1: stand in one container, are few, and are native trees with an icon and a title', () => {
    assert.equal(contributes.viewsContainers.activitybar.length, 1);
    const views = Object.values(contributes.views).flat();
    assert.ok(views.length <= 4);
    for (const view of views)
      assert.ok(view['icon'] && view['contextualTitle'] && view['type'] !== 'webview', view['id']);
  });

  it('C3: say what to do in each empty state, with a command', () => {
    const states = {
      'no connection': { loaded: true, count: 0, filtered: false, trusted: true },
      'no connection, and not trusted': { loaded: true, count: 0, filtered: false, trusted: false },
      'all filtered': { loaded: true, count: 3, filtered: true, trusted: true },
      'not loaded': { loaded: false, count: 0, filtered: false, trusted: true },
      'not loaded, and not trusted': { loaded: false, count: 0, filtered: false, trusted: false },
    };
    for (const [what, { loaded, count, filtered, trusted }] of Object.entries(states)) {
      const keys = {
        'cachify.loaded': loaded,
        'cachify.connections.count': count,
        'cachify.connections.filtered': filtered,
        'cachify.trusted': trusted,
      };
      const shown = contributes.viewsWelcome.filter(({ when }) => holds(when, keys));
      assert.ok(
        shown.some(({ contents }) => textOf(contents).includes('](command:')),
        what,
      );
    }
  });
});

describe('settings', () => {
  /** Display preferences may come from a workspace; what loosens a guard may not (C24). */
  const scopes: Readonly<Record<string, string>> = {
    'cachify.tree.delimiters': 'window',
    'cachify.tree.pageSize': 'window',
    'cachify.scan.seconds': 'application',
    'cachify.values.protobufSchemas': 'window',
    'cachify.storage.payloadKey': 'machine',
  };

  it('C24: have the scope of the table', () => {
    const found = Object.fromEntries(Object.entries(settings).map(([id, { scope }]) => [id, scope]));
    assert.deepEqual(found, scopes);
  });

  it('C23: are described in markdown, ordered, and bounded', () => {
    const orders = Object.values(settings).map(({ order }) => order);
    assert.equal(new Set(orders).size, orders.length);
    assert.doesNotMatch(contributes.configuration.title, /Settings|Extension/);
    for (const [id, setting] of Object.entries(settings)) {
      assert.ok(setting.markdownDescription && !setting.description && setting.order !== undefined, id);
      for (const [, other] of textOf(setting.markdownDescription).matchAll(/`#(.+?)#`/g))
        assert.ok(other !== undefined && other in settings, `${id} refers to ${other}`);
      if (setting.type !== 'integer') continue;
      const { minimum = Infinity, maximum = -Infinity } = setting;
      assert.ok(minimum <= Number(setting.default) && Number(setting.default) <= maximum, id);
    }
  });

  /** A workspace may name files of its own, but not before it is trusted. */
  const namesFiles = ['cachify.values.protobufSchemas'];

  it('H2: that a workspace may not set are restricted at the top level of the manifest', () => {
    const guarded = Object.entries(settings).filter(
      ([id, { scope = '' }]) => /^(application|machine)/.test(scope) || namesFiles.includes(id),
    );
    const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
    assert.equal(untrustedWorkspaces.supported, 'limited');
    assert.ok(textOf(untrustedWorkspaces.description).length > 20);
    assert.deepEqual(
      [...untrustedWorkspaces.restrictedConfigurations].sort(),
      guarded.map(([id]) => id).sort(),
    );
    assert.equal(virtualWorkspaces, true);
    assert.ok(!('capabilities' in contributes));
  });
});

describe('the package', () => {
  it('H20: is started by its own surfaces and documents only', () => {
    const names =
      readText('src/extension/panels/valueAddress.ts') +
      readText('src/extension/panels/connectionPanel.ts') +
      readText('src/extension/panels/governanceViewType.ts') +
      readText('src/extension/documents/documentPlace.ts');
    for (const event of manifest.activationEvents) {
      const [, name] = /^(?:onWebviewPanel|onFileSystem):([\w.]+)$/.exec(event) ?? [];
      assert.ok(name !== undefined && names.includes(`'${name}'`), event);
    }
  });

  it('P5: says who made it, what it costs and where help is', () => {
    for (const field of [
      'displayName',
      'description',
      'license',
      'categories',
      'keywords',
      'bugs',
      'homepage',
      'galleryBanner',
    ])
      assert.ok(manifest[field], field);
    assert.equal(manifest['pricing'], 'Free');
    assert.doesNotMatch(String(manifest['description']), /\n|.{140}/);
    const icon = readFileSync(join(repositoryRoot, String(manifest['icon'])));
    assert.equal(icon.toString('latin1', 1, 4), 'PNG');
    assert.ok(icon.readUInt32BE(16) >= 128 && icon.readUInt32BE(16) === icon.readUInt32BE(20));
    assert.deepEqual(manifest['extensionKind'], ['workspace', 'ui']);
  });
});
