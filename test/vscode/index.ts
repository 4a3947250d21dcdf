import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import { repositoryRoot } from '../helpers/repository';

/** Called by the extension host: runs every test of this folder; rejects when one fails. */
export async function run(): Promise<void> {
  const mark = process.env['CACHIFY_TEST_MARK'] ?? '';
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => console.log(mark + format(...args));
  const mocha = new Mocha({
    color: false,
    forbidOnly: true,
    forbidPending: true,
    timeout: 30_000,
    reporter: join(repositoryRoot, 'scripts/reporter.cjs'),
  });
  for (const file of testFiles()) mocha.addFile(file);
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed in the extension host`);
}

function testFiles(): string[] {
  const names = readdirSync(__dirname, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.test.js')).map((name) => join(__dirname, name));
}
