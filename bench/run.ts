import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, type Line, judge } from './measure';

const notBenches = new Set(['run', 'measure', 'eventLoop', 'filledStore', 'beside', 'millionKeys']);

/** Runs the named benches, or all: a JSON line a measure, and unless --json a sentence on stderr beside it. */
async function main(args: readonly string[]): Promise<void> {
  const onlyJson = args.includes('--json');
  const named = args.filter((arg) => !arg.startsWith('--'));
  for (const name of named.length > 0 ? named : allBenches()) {
    const bench = await load(fileOf(name));
    await bench((measure) => {
      const line = judge(name, measure);
      if (!line.pass) process.exitCode = 1;
      console.log(JSON.stringify(line));
      if (!onlyJson) console.error(sentence(line));
    });
  }
}

/** Every file of this folder that is a bench; activate last, as it starts editors. */
function allBenches(): string[] {
  const files = readdirSync(__dirname).filter((file) => file.endsWith('.js'));
  const names = files.map((file) => file.slice(0, -'.js'.length)).filter((name) => !notBenches.has(name));
  return names
    .map(nameOf)
    .sort((a, b) => Number(a === 'activate') - Number(b === 'activate') || a.localeCompare(b));
}

/** `store-append` is in `storeAppend.ts`. */
function fileOf(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function nameOf(file: string): string {
  return file.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

async function load(name: string): Promise<Bench> {
  if (!existsSync(join(__dirname, `${name}.js`))) {
    throw new Error(`No bench is named ${name}. There are: ${allBenches().join(', ')}`);
  }
  const module = (await import(join(__dirname, name))) as { readonly bench: Bench };
  return module.bench;
}

function sentence({ bench, metric, value, unit, floor, ratio, budget, pass }: Line): string {
  const beside = floor === null ? '' : ` beside ${floor} ${unit} (x ${String(ratio)})`;
  return `  ${pass ? 'ok  ' : 'FAIL'} ${bench} ${metric}: ${value} ${unit}${beside}; budget ${budget}`;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
