import type { Import, Source } from '../helpers/sources';

/** What the files of one area may import; the first area whose `of` matches a file is its area. */
export interface Area {
  readonly of: RegExp;
  /** Files of the repository, by path. */
  readonly files: readonly RegExp[];
  /** Packages, by name. */
  readonly packages: readonly string[];
  /** Node modules: all, or those named. */
  readonly node: 'all' | readonly string[];
  /** Said to whoever imports something else. */
  readonly instead: string;
}

const pure = ['node:buffer', 'node:crypto'];
const purePackages = ['valibot', 'luxon', 'croner', '@datadog/sketches-js', 'hdr-histogram-js'];

function feature(name: string, mayUse: readonly string[]): Area {
  const folders = ['kernel', name, ...mayUse];
  return {
    of: new RegExp(`^src/engine/${name}/`),
    files: folders.map((folder) => new RegExp(`^src/engine/${folder}/`)),
    packages: purePackages,
    node: pure,
    instead:
      'name what the engine needs as a port beside the feature and let an adapter in src/providers or the host supply it',
  };
}

function provider(name: string, packages: readonly string[]): Area {
  return {
    of: new RegExp(`^src/providers/${name}/`),
    files: [/^src\/engine\//, new RegExp(`^src/providers/${name}/`), /^src\/providers\/net\//],
    packages: [...packages, 'valibot'],
    node: 'all',
    instead: 'put what two adapters share into the engine as a pure function, or into src/providers/net',
  };
}

/** The table of allowed imports. */
export const areas: readonly Area[] = [
  feature('kernel', []),
  feature('connections', []),
  feature('keys', ['connections']),
  feature('values', ['connections', 'keys']),
  feature('transfer', ['connections', 'keys', 'values']),
  feature('rollback', ['keys', 'connections']),
  feature('governance', []),
  feature('workflows', ['keys', 'rollback', 'governance', 'connections']),
  feature('observability', ['connections', 'keys']),
  feature('alerts', ['observability']),
  feature('incidents', ['observability', 'workflows', 'alerts']),
  feature('retention', []),
  feature('catalog', []),
  provider('redis', ['ioredis']),
  provider('memcached', ['memjs']),
  provider('store', ['sql.js', 'proper-lockfile']),
  provider('catalog', []),
  provider('codecs', ['fzstd', 'protobufjs']),
  provider('net', ['ssh2', 'socks']),
  {
    of: /^src\/protocol\//,
    files: [/^src\/protocol\//, /^src\/engine\//],
    packages: ['valibot'],
    node: [],
    instead: 'keep the protocol to parsers and types, which both sides can load',
  },
  {
    of: /^src\/extension\/container/,
    files: [/^src\/(extension|engine|providers|protocol)\//],
    packages: ['vscode', 'valibot'],
    node: 'all',
    instead: 'load a driver through its adapter in src/providers',
  },
  {
    of: /^src\/extension\//,
    files: [/^src\/(extension|engine|protocol)\//],
    packages: ['vscode', 'valibot'],
    node: 'all',
    instead: 'take the engine port as an argument; only src/extension/container.ts knows the adapters',
  },
  {
    of: /^webview-ui\/components\//,
    files: [/^webview-ui\//, /^src\/protocol\//],
    packages: ['preact', '@preact/signals', '@vscode/webview-ui-toolkit', 'uplot', '@tanstack/virtual-core'],
    node: [],
    instead: 'ask the host through src/protocol',
  },
  {
    of: /^webview-ui\//,
    files: [/^webview-ui\//, /^src\/protocol\//],
    packages: ['preact', '@preact/signals', 'valibot', '@tanstack/virtual-core', 'uplot'],
    node: [],
    instead: 'use a component of webview-ui/components, and ask the host through src/protocol',
  },
];

/** The imports of a file that its area does not allow, each said in one line with what to do instead. */
export function violations(source: Source): string[] {
  const area = areas.find(({ of }) => of.test(source.path));
  if (area === undefined) return [`${source.path}: no area of test/unit/boundaryRules.ts covers it; add one`];
  return source.imports
    .filter((imported) => !allowed(area, imported))
    .map((imported) => `${source.path} imports ${nameOf(imported)}: ${area.instead}`);
}

function allowed(area: Area, imported: Import): boolean {
  switch (imported.kind) {
    case 'file':
      return area.files.some((pattern) => pattern.test(imported.path));
    case 'package':
      return area.packages.includes(imported.name);
    case 'node':
      return area.node === 'all' || area.node.includes(imported.name);
  }
}

function nameOf(imported: Import): string {
  return imported.kind === 'file' ? imported.path : imported.name;
}
