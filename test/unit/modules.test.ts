import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const compiled = join(__dirname, '../../src');

/** Entries of worker threads, which need their parent. */
const entries = /[\\/]worker\.js$/;

describe('the modules of engine, protocol and providers', () => {
  for (const area of ['engine', 'protocol', 'providers']) {
    // The leak check watches that loading opens nothing; loading all also lets coverage see every file.
    it(`load one by one from ${area}`, async () => {
      const modules = modulesOf(area);
      assert.ok(modules.length > 0, `${area} is compiled`);
      for (const file of modules) assert.equal(typeof (await import(file)), 'object');
    });
  }
});

function modulesOf(area: string): string[] {
  const folder = join(compiled, area);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.js') && !entries.test(name))
    .map((name) => join(folder, name));
}
