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

const testGraceMs = 250;
const runGraceMs = 2000;
const suspects: string[] = [];
let atStart: Held = new Map();
let beforeTest: Held = new Map();

type Held = ReadonlyMap<string, number>;

/**
 * Mocha root hooks: a run that ends with more sockets, timers, workers or children than it began with fails,
 * and the failure names the tests after which there were more. (A suite may share what a test opens late.)
 */
export const mochaHooks = {
  async beforeAll(): Promise<void> {
    atStart = await settledHeld();
  },
  async beforeEach(): Promise<void> {
    beforeTest = await settledHeld();
  },
  async afterEach(this: Mocha.Context): Promise<void> {
    const left = await leftOver(beforeTest, testGraceMs);
    if (left !== undefined) suspects.push(`${left} after ${this.currentTest?.fullTitle() ?? 'a test'}`);
  },
  async afterAll(): Promise<void> {
    const left = await leftOver(atStart, runGraceMs);
    if (left !== undefined)
      throw new Error(`The run leaves behind ${left}. Suspects:\n${suspects.join('\n')}`);
  },
};

/** Mocha's own timer for a hook starts at its first wait: every count is taken past it. */
async function settledHeld(): Promise<Held> {
  await Promise.resolve();
  return held();
}

/** What is more than the baseline; a closed socket takes a turn or two of the event loop to go. */
async function leftOver(baseline: Held, graceMs: number): Promise<string | undefined> {
  await settledHeld();
  const clean = (): true | undefined => (leaks(baseline).length === 0 ? true : undefined);
  const released = await eventually('nothing is left', clean, graceMs).catch(() => false);
  return released ? undefined : leaks(baseline).join(', ');
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
