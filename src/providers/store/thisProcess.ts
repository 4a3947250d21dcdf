import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { ProcessFacts } from './lockFile';
import { errorNumber } from './storeFiles';

/** The process this code runs in. */
export const thisProcess: ProcessFacts = { pid: process.pid, host: hostname(), isAlive };

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isDefunct(pid);
  } catch (thrown) {
    // EPERM: it lives and belongs to someone else.
    return errorNumber(thrown) !== 'ESRCH';
  }
}

/** One that has ended and that its parent has not asked about yet: Linux goes on showing it. */
function isDefunct(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name before it is in parentheses and may hold any character.
    return 'ZX'.includes(stat.charAt(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
