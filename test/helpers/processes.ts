import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Whether this is Windows, which has neither process groups nor POSIX signals. */
export const onWindows = process.platform === 'win32';

const patienceMs = 5000;

/** Ends a child started with `detached: !onWindows` (its own process group), and everything it started. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    signalGroup(pid, 'SIGTERM');
    const giveUp = setTimeout(() => signalGroup(pid, 'SIGKILL'), patienceMs);
    await exited;
    clearTimeout(giveUp);
  }
  // Grandchildren (an extension host, say) may outlive the leader.
  signalGroup(pid, 'SIGKILL');
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (onWindows) {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F']);
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
