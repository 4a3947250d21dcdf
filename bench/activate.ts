import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInExtensionHost } from '../test/helpers/extensionHost';
import { repositoryRoot } from '../test/helpers/repository';
import type { Activation } from './activation/index';
import { type Report, median } from './measure';

const rounds = 5;
const budgetMs = 50;

/** activate() in a real extension host, each round in a new one, taking turns with an extension that does nothing. */
export async function bench(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cachify-activate-'));
  try {
    const empty = writeEmptyExtension(folder);
    const ours: Activation[] = [];
    const floors: Activation[] = [];
    for (let round = 0; round < rounds; round += 1) {
      floors.push(await activation(folder, empty, 'bench.empty'));
      ours.push(await activation(folder, repositoryRoot, 'cachify.cachify-studio'));
    }
    const none = { of: 'value', atMost: 0 } as const;
    report({
      ...{ metric: 'activate', value: median(ours.map(({ milliseconds }) => milliseconds)), unit: 'ms' },
      ...{
        floor: median(floors.map(({ milliseconds }) => milliseconds)),
        budget: { of: 'excess', atMost: budgetMs },
      },
    });
    report({
      metric: 'drivers',
      value: Math.max(...ours.map(({ drivers }) => drivers)),
      unit: 'loaded',
      budget: none,
    });
    report({
      metric: 'sockets',
      value: Math.max(...ours.map(({ sockets }) => sockets)),
      unit: 'opened',
      budget: none,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function activation(folder: string, extension: string, id: string): Promise<Activation> {
  const result = join(folder, 'result.json');
  const lines: string[] = [];
  const code = await runInExtensionHost({
    entry: join(__dirname, 'activation/index.js'),
    extension,
    env: { BENCH_EXTENSION: id, BENCH_RESULT: result },
    log: (line) => lines.push(line),
  });
  if (code !== 0) throw new Error(`Activating ${id} failed:\n${lines.at(-1) ?? 'no output'}`);
  return JSON.parse(readFileSync(result, 'utf8')) as Activation;
}

function writeEmptyExtension(folder: string): string {
  const manifest = {
    ...{ name: 'empty', publisher: 'bench', version: '1.0.0', engines: { vscode: '^1.100.0' } },
    ...{ main: './extension.js', activationEvents: [], contributes: {} },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'extension.js'), 'exports.activate = () => undefined;\n');
  return folder;
}
