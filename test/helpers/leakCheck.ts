import { eventually } from './eventually';

/** What a test must not leave behind: it would keep the process, or a server, alive. */
const watched = new Set([
  'FSEventWrap',
  'MessagePort',
  'PipeServerWrap',
  'PipeWrap',
  'ProcessWrap',
  'TCPServerWrap',
  'TCPSocketWrap',
  'TLSWrap',
  'Timeout',
]);

const graceMs = 2000;
const found: string[] = [];
let atStart: Held = new Map();
let beforeTest: Held = new Map();

type Held = ReadonlyMap<string, number>;

/**
 * Mocha root hooks: a test, or the whole run, that ends with more sockets, timers, workers or children than
 * it began with is named in a failure at the end, so that the tests after it still run.
 */
export const mochaHooks = {
  async beforeAll(): Promise<void> {
    atStart = await settledHeld();
  },
  async beforeEach(): Promise<void> {
    beforeTest = await settledHeld();
  },
  async afterEach(this: Mocha.Context): Promise<void> {
    await note(this.currentTest?.fullTitle() ?? 'a test', beforeTest);
  },
  async afterAll(): Promise<void> {
    await note('the whole run', atStart);
    if (found.length > 0) throw new Error(`Left behind:\n${found.join('\n')}`);
  },
};

/** Mocha's own timer for a hook starts at its first wait: every count is taken past it. */
async function settledHeld(): Promise<Held> {
  await Promise.resolve();
  return held();
}

/** A closed socket takes a turn or two of the event loop to go; what is still there then is written down. */
async function note(who: string, baseline: Held): Promise<void> {
  await settledHeld();
  const clean = (): true | undefined => (leaks(baseline).length === 0 ? true : undefined);
  const released = await eventually('nothing is left', clean, graceMs).catch(() => false);
  if (!released) found.push(`  ${leaks(baseline).join(', ')} by ${who}`);
}

function held(): Held {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) {
    if (watched.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function leaks(before: Held): string[] {
  return [...held()]
    .filter(([name, count]) => count > (before.get(name) ?? 0))
    .map(([name, count]) => `${count - (before.get(name) ?? 0)} ${name}`);
}
