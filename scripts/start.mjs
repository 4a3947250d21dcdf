// Shows Cachify Studio at work: installs what is missing, starts a demo Redis and Memcached with data, builds, and
// opens VS Code on them. Usage: npm start [-- --browser] [-- --smoke]
//   --browser  the VS Code server in a browser even where desktop VS Code is installed
//   --smoke    the main path headless in Chromium; the exit code tells
import { resolve } from 'node:path';
import { setInterval } from 'node:timers';
import { Lifetime, Stopped } from './demo/lifetime.mjs';
import { StepFailed, runNode, step } from './demo/steps.mjs';
import { ensurePackages, ensureTools } from './prerequisites.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
const known = ['--smoke', '--browser'];
const args = process.argv.slice(2);
const lifetime = new Lifetime();

/** Ends everything in good order when the person or the system asks for it; asking twice changes nothing. */
function stop(name) {
  if (lifetime.isEnding) return;
  console.log(`\nStopping (${name}) …`);
  // Once the demo is shown this is the way to end it, before that it is giving up.
  process.exitCode = lifetime.isReady ? 0 : 130;
  void lifetime.end().then(() => process.exit());
}

/** An npm that is ended takes its shell with it and not us: notice that the parent has changed. */
function stopWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || stop('npm was ended'), 500).unref();
}

function checkArguments() {
  const unknown = args.filter((arg) => !known.includes(arg));
  if (unknown.length > 0)
    throw new StepFailed(`No such option: ${unknown.join(', ')}. There are: ${known.join(', ')}`);
  if (major < 20 || (major === 20 && minor < 19))
    throw new StepFailed(
      `This needs Node 20.19 or newer and runs on ${process.versions.node}: install a newer Node.`,
    );
}

async function build() {
  const next = 'npm run types and npm run build show it in full; a fresh checkout of main builds.';
  await step('Compiling', next, () => runNode(lifetime, ['node_modules/typescript/bin/tsc', '-b']));
  await step('Bundling', next, () => runNode(lifetime, ['esbuild.mjs', '--production']));
  const pack = [
    'node_modules/@vscode/vsce/vsce',
    'package',
    '--no-dependencies',
    '--out',
    'cachify-studio.vsix',
  ];
  await step('Packaging', 'npm run package shows it in full.', () => runNode(lifetime, pack));
}

async function main() {
  checkArguments();
  const smoke = args.includes('--smoke');
  process.chdir(resolve(import.meta.dirname, '..'));
  ensurePackages();
  ensureTools(['redis-server', 'memcached', ...(smoke ? ['chromium'] : [])], 'The demo needs');
  await build();
  const { runDemo } = await import('./demo/run.mjs');
  await runDemo(lifetime, { smoke, browser: args.includes('--browser') });
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => stop(name));
stopWithNpm();
try {
  await main();
} catch (error) {
  if (!(error instanceof Stopped)) {
    console.error(error instanceof StepFailed ? error.message : error);
    process.exitCode = 1;
  }
}
await lifetime.end();
process.exit();
