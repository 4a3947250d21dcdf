// The tests that talk to servers on each server we vouch for: this machine's own, and the newest there are.
// Usage: node scripts/testServers.mjs
import { spawnSync } from 'node:child_process';
import { newestServers, newestServersHint } from './newestServers.mjs';
import { ensurePackages, ensureTools } from './prerequisites.mjs';
import { checks, onServers, rings, runSteps } from './steps.mjs';
import { printSummary } from './summary.mjs';
import tools from './tools.cjs';

ensurePackages();
ensureTools(rings.integration.tools);
const results = await runSteps([checks.types, ...serverSteps()]);
process.exitCode = printSummary(results) ? 0 : 1;

function serverSteps() {
  const own = { redis: tools.requireTool('redis-server'), memcached: tools.requireTool('memcached') };
  const newest = newestServers();
  if (newest === undefined) {
    console.log(`Only this machine's own servers are tested. To test the newest, ${newestServersHint}.`);
    return [step(own)];
  }
  const { memcached } = newest;
  return [
    step(own),
    step({ redis: newest['redis-server'], other: own.redis, memcached }),
    step({ redis: newest['valkey-server'], other: own.redis, memcached }),
  ];
}

/** `other` is a Redis of another version, for what goes from one to the other. */
function step({ redis, other = redis, memcached }) {
  const name = `${versionOf(redis)}, ${versionOf(memcached)}`;
  return onServers(name, {
    CACHIFY_REDIS_SERVER: redis,
    CACHIFY_OTHER_REDIS_SERVER: other,
    CACHIFY_MEMCACHED_SERVER: memcached,
  });
}

/** Such as `Valkey 9.1.2`, as the program says it. */
function versionOf(program) {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  const said = /^(\w+)(?: server)? (?:v=)?([\d.]+)/.exec(stdout);
  return said ? `${said[1]} ${said[2]}` : program;
}
