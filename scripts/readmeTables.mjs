// Writes the tables of settings and commands in README.md from package.json. Usage: npm run docs:tables [-- --check]
//   --check  changes nothing; the exit code tells whether README.md is up to date
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

process.chdir(resolve(import.meta.dirname, '..'));
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const texts = JSON.parse(readFileSync('package.nls.json', 'utf8'));
const { commands, keybindings, menus, configuration } = manifest.contributes;

const before = readFileSync('README.md', 'utf8');
const after = Object.entries({ settings: settingsTable(), commands: commandsTable() }).reduce(placed, before);
if (!process.argv.includes('--check')) writeFileSync('README.md', after);
else if (after !== before) {
  console.error('README.md does not say what package.json says: npm run docs:tables');
  process.exitCode = 1;
}

function settingsTable() {
  const rows = Object.entries(configuration.properties).map(([id, setting]) => [
    code(id),
    code(JSON.stringify(setting.default)),
    limitsOf(setting),
    plain(textOf(setting.markdownDescription ?? setting.description)),
  ]);
  return table(['Setting', 'Default', 'Limits', 'What it does'], rows);
}

function commandsTable() {
  const hidden = new Set(menus.commandPalette.filter(({ when }) => when === 'false').map(idOf));
  const rows = commands.map(({ command, title }) => [
    textOf(title),
    code(command),
    keysOf(command),
    hidden.has(command) ? 'tree only' : '',
  ]);
  return table(['Command', 'Id', 'Keys in the view', 'Not in the palette'], rows);
}

function limitsOf({ minimum, maximum, minItems, maxItems }) {
  if (maximum !== undefined) return `${number(minimum)} to ${number(maximum)}`;
  return maxItems === undefined ? '' : `${minItems} to ${maxItems} entries`;
}

function keysOf(command) {
  const bound = keybindings.filter((binding) => idOf(binding) === command);
  return bound.map(({ key, mac }) => (mac ? `${code(key)} (macOS ${code(mac)})` : code(key))).join(', ');
}

function idOf({ command }) {
  return command;
}

/** The English text of a `%key%` of the manifest. */
function textOf(value) {
  const key = /^%(.+)%$/.exec(value)?.[1];
  return key === undefined ? value : texts[key];
}

/** VS Code links settings in its own notation, which nothing else draws. */
function plain(markdown) {
  return markdown.replace(/`#([^#]+)#`/g, '`$1`');
}

function code(text) {
  return `\`${text}\``;
}

function number(value) {
  return value.toLocaleString('en');
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `text` with `content` between the markers of `name`. */
function placed(text, [name, content]) {
  const [start, end] = [`<!-- ${name}: npm run docs:tables -->`, `<!-- ${name} end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has lost its markers of ${name}`);
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
}
