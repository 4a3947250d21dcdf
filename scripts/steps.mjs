import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const onWindows = process.platform === 'win32';
const coverage = 'coverage/raw';
const limitMs = 30 * 60_000;

/** Checks that are right or wrong as a whole: a failure counts as one. */
export const checks = {
  types: check('types', () => {
    removeOrphans();
    return npmRun('types');
  }),
  lint: check('lint', () => npmRun('lint')),
  build: check('build', () => npmRun('build')),
  forgetCoverage: check('forget the last coverage', () => {
    rmSync('coverage', { recursive: true, force: true });
    return true;
  }),
  coverage: check('coverage', () => bin('c8', ['report', '--temp-directory', coverage])),
  package: check('package', () => {
    rmSync('cachify-studio.vsix', { force: true });
    return npmRun('package:only');
  }),
};

/** The test rings, found by glob in what `tsc -b` compiled. */
export const rings = {
  unit: ring('unit', { measured: true, tools: [], needs: [], run: mochaRing('unit', leakChecked) }),
  integration: ring('integration', {
    measured: true,
    tools: ['redis-server', 'redis-cli', 'memcached', 'saslpasswd2', 'openssl'],
    needs: [],
    run: mochaRing('integration', leakChecked),
  }),
  vscode: ring('vscode', {
    measured: false,
    tools: ['chromium', 'redis-server', 'memcached'],
    needs: ['build'],
    run: (env) => node(['scripts/vscodeRing.mjs'], env),
  }),
  ui: ring('ui', {
    measured: false,
    tools: ['chromium', 'redis-server', 'memcached'],
    needs: ['build', 'package'],
    // most of a window's time is waiting: two at a time, each with an editor or a browser of its own
    run: mochaRing('ui', () => ['--parallel', '--jobs', '2', '--require', 'out/test/helpers/openPages.js']),
  }),
};

/** Runs steps in order, those of a list beside each other; what each came to, and how long it took. */
export async function runSteps(steps) {
  const results = [];
  for (const step of steps) {
    if (Array.isArray(step)) results.push(...(await Promise.all(step.map(runStep))));
    else results.push(await runStep(step));
  }
  return results;
}

async function runStep({ name, run }) {
  console.log(`\n── ${name}`);
  const started = Date.now();
  const counts = await run();
  return { name, seconds: (Date.now() - started) / 1000, ...counts };
}

/** The tests that talk to servers, on other servers than the machine's: `env` names their programs. */
export function onServers(name, env) {
  const globs = ['redis', 'memcached', 'engine', 'transfer'].map(
    (folder) => `out/test/integration/${folder}/**/*.test.js`,
  );
  return {
    name,
    run: () => counted('servers', false, (results) => mocha(leakChecked(), globs, { ...results, ...env })),
  };
}

function check(name, passes) {
  return { name, run: async () => ({ passed: 0, failed: (await passes()) ? 0 : 1 }) };
}

function ring(name, { run, ...rest }) {
  return { name, ...rest, run: () => counted(name, rest.measured, run) };
}

/** Runs a ring; one that ends badly, counts nothing or leaves no count has failed. */
async function counted(name, measured, run) {
  mkdirSync('artifacts', { recursive: true });
  const file = `artifacts/${name}-results.json`;
  rmSync(file, { force: true });
  const env = { CACHIFY_RESULTS: join(process.cwd(), file) };
  if (measured) env.NODE_V8_COVERAGE = coverage;
  const fine = await run(env);
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const { passed, failed, pending } = JSON.parse(readFileSync(file, 'utf8'));
  const endedBadly = failed === 0 && (!fine || passed === 0);
  return { passed, failed: failed + pending + (endedBadly ? 1 : 0) };
}

function mochaRing(name, extra) {
  return (env) => mocha(extra(), [`out/test/${name}/**/*.test.js`], env);
}

function mocha(options, globs, env) {
  return node(['node_modules/mocha/bin/mocha.js', ...options, ...globs], env);
}

function leakChecked() {
  // What a test leaves behind is reported by name: it need not also keep the run from ending.
  return ['--require', 'out/test/helpers/leakCheck.js', '--exit'];
}

function node(args, env) {
  return succeeds(process.execPath, args, env);
}

function bin(name, args) {
  return succeeds(join('node_modules/.bin', onWindows ? `${name}.cmd` : name), args);
}

function npmRun(script) {
  return succeeds('npm', ['run', '--silent', script]);
}

function succeeds(command, args, env = {}) {
  const child = spawn(command, args, {
    timeout: limitMs,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    shell: onWindows && command !== process.execPath,
  });
  return new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}

/** Compiled files whose source is gone would go on being tested. */
function removeOrphans() {
  if (!existsSync('out')) return;
  const sources = ['.ts', '.tsx'];
  for (const name of readdirSync('out', { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue;
    const stem = name.slice(0, -'.js'.length);
    if (sources.some((extension) => existsSync(stem + extension))) continue;
    for (const extension of ['.js', '.js.map', '.d.ts'])
      rmSync(join('out', stem + extension), { force: true });
  }
}
