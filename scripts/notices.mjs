import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The text that credits every package some of `inputs` (paths of bundled or copied files) come from. */
export function notices(inputs) {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
  const sections = [...folders].sort().map(section);
  return `Cachify Studio contains the following third-party software.\n\n${sections.join('\n\n')}\n`;
}

function packageFolder(file) {
  const match = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file.replaceAll('\\', '/'));
  return match?.[0];
}

function section(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const title = `${manifest.name} ${manifest.version} (${manifest.license})`;
  return `${'='.repeat(78)}\n${title}\n${'='.repeat(78)}\n${licenceText(folder)}`;
}

function licenceText(folder) {
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
  const texts = names.map((name) => join(folder, name));
  if (texts.length === 0) return 'Licence text: see the package.';
  return texts.map((file) => readFileSync(file, 'utf8').trim()).join('\n\n');
}
