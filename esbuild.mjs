// Bundles the extension host, the workers and the webviews into dist/.
// Usage: node esbuild.mjs [--production] [--watch]
import { context } from 'esbuild';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { notices } from './scripts/notices.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/**
 * Drivers and decoders are bundles of their own, required when first needed: activation neither
 * parses nor evaluates them, and what is loaded can be read off the host's module cache.
 */
const drivers = ['ioredis', 'memjs', 'fzstd', 'protobufjs'];

const common = {
  bundle: true,
  logLevel: watch ? 'info' : 'warning',
  metafile: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  sourcesContent: false,
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': JSON.stringify(production ? 'production' : 'development') },
};

const driversApart = {
  name: 'drivers-apart',
  setup(build) {
    const filter = new RegExp(`^(${drivers.join('|')})$`);
    build.onResolve({ filter }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: `./drivers/${path}.js`, external: true },
    );
  },
};

const node = { ...common, platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'] };

const browser = {
  ...common,
  platform: 'browser',
  format: 'iife',
  target: 'chrome120',
  jsx: 'automatic',
  jsxImportSource: 'preact',
};

function surfaces() {
  const root = 'webview-ui/surfaces';
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .map((name) => ({ in: join(root, name, 'main.tsx'), out: name }))
    .filter((entry) => existsSync(entry.in));
}

function builds() {
  return [
    {
      ...node,
      plugins: [driversApart],
      outdir: 'dist',
      entryPoints: [
        { in: 'src/extension/extension.ts', out: 'extension' },
        { in: 'src/providers/store/worker.ts', out: 'storeWorker' },
        { in: 'src/providers/codecs/worker.ts', out: 'viewsWorker' },
      ],
    },
    { ...node, outdir: 'dist/drivers', entryPoints: drivers },
    {
      ...browser,
      outdir: 'dist/webview',
      entryPoints: [...surfaces(), { in: 'webview-ui/theme.css', out: 'theme' }],
    },
  ];
}

/** Files shipped as they are: from, to. */
const copies = [
  ['node_modules/sql.js/dist/sql-wasm.wasm', 'dist/sql-wasm.wasm'],
  ['node_modules/@vscode/codicons/dist/codicon.css', 'dist/webview/codicon.css'],
  ['node_modules/@vscode/codicons/dist/codicon.ttf', 'dist/webview/codicon.ttf'],
];

function copyAssets() {
  for (const [from, to] of copies) {
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to);
  }
}

/** Builds once and writes the notices for what the bundles contain. */
async function buildOnce(contexts) {
  const results = await Promise.all(contexts.map((each) => each.rebuild()));
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  writeFileSync('dist/third-party-notices.txt', notices([...inputs, ...copies.map(([from]) => from)]));
}

rmSync('dist', { recursive: true, force: true });
copyAssets();
const contexts = await Promise.all(builds().map(context));
if (watch) {
  await Promise.all(contexts.map((each) => each.watch()));
} else {
  try {
    await buildOnce(contexts);
  } catch (error) {
    // esbuild has printed what it found; anything else is a fault of this script.
    if (error.errors === undefined) throw error;
    process.exitCode = 1;
  } finally {
    await Promise.all(contexts.map((each) => each.dispose()));
  }
}
