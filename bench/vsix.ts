import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../test/helpers/repository';
import type { Report } from './measure';

const budgetMb = 2.5;

/** The size of the package people install, made from what is built. */
export async function bench(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cachify-vsix-'));
  try {
    const file = join(folder, 'bench.vsix');
    const packager = join(repositoryRoot, 'node_modules/@vscode/vsce/vsce');
    const args = [packager, 'package', '--no-dependencies', '--out', file];
    execFileSync(process.execPath, args, { cwd: repositoryRoot, stdio: 'pipe' });
    const value = statSync(file).size / 1024 / 1024;
    report({ metric: 'size', value, unit: 'MB', budget: { of: 'value', atMost: budgetMb } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
