import { hostname } from 'node:os';
import type { ProcessFacts } from './lockFile';
import { errorNumber } from './storeFiles';

/** The process this code runs in. */
export const thisProcess: ProcessFacts = { pid: process.pid, host: hostname(), isAlive };

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it lives and belongs to someone else.
    return errorNumber(thrown) !== 'ESRCH';
  }
}
