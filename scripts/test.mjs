// Every check of the project, then one line: N passed, N failed.
// Usage: node scripts/test.mjs [--editor=latest] [unit] [integration] [vscode] [ui]
import { ensurePackages, ensureTools } from './prerequisites.mjs';
import { checks, rings, runSteps } from './steps.mjs';
import { printSummary } from './summary.mjs';

const args = process.argv.slice(2);
const editor = args.find((arg) => arg.startsWith('--editor='))?.slice('--editor='.length);
if (editor !== undefined) process.env.CACHIFY_EDITOR = editor;

const named = args.filter((arg) => !arg.startsWith('--'));
const unknown = named.filter((name) => !(name in rings));
if (unknown.length > 0) {
  console.error(`No such ring: ${unknown.join(', ')}. There are: ${Object.keys(rings).join(', ')}`);
  process.exit(1);
}

const whole = named.length === 0;
const chosen = whole ? Object.keys(rings) : named;
ensurePackages();
ensureTools(chosen.flatMap((name) => rings[name].tools));

process.exitCode = printSummary(await runSteps(plan())) ? 0 : 1;

/** The whole run in order; of a partial run, only what its rings stand on. */
function plan() {
  const needs = new Set(chosen.flatMap((name) => rings[name].needs));
  const measured = chosen.filter((name) => rings[name].measured);
  const apart = chosen.filter((name) => !rings[name].measured);
  const [first, ...later] = measured.map((name) => rings[name]);
  return [
    checks.types,
    ...(whole || needs.has('build') ? [checks.build] : []),
    ...(whole ? [checks.forgetCoverage] : []),
    // neither keeps more than one core busy
    ...(whole ? [[checks.lint, first]] : first ? [first] : []),
    ...later,
    ...(whole ? [checks.coverage] : []),
    ...(whole || needs.has('package') ? [checks.package] : []),
    ...apart.map((name) => rings[name]),
  ];
}
