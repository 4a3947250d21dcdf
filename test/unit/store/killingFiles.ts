import { writeSync } from 'node:fs';
import { type StoreFiles, errorNumber, nodeFiles } from '../../../src/providers/store/storeFiles';

/** What changes the disk; before the n-th of these a process of a test ends itself. */
const changing = [
  'openExclusive',
  'openNew',
  'openExisting',
  'write',
  'truncate',
  'sync',
  'createExclusive',
  'rename',
  'remove',
  'removeIfThere',
  'syncFolder',
] as const;

/** The disk, and the end of this process (by SIGKILL) before operation number `step`, counted from `arm` on. */
export function killingFiles(step: number): { readonly files: StoreFiles; readonly arm: () => void } {
  let count = -Infinity;
  const files: StoreFiles = { ...nodeFiles };
  for (const name of changing) {
    const original = Reflect.get(nodeFiles, name) as (...args: unknown[]) => unknown;
    Object.assign(files, {
      [name]: (...args: unknown[]): unknown => {
        if (++count === step) process.kill(process.pid, 'SIGKILL');
        return original(...args);
      },
    });
  }
  return { files, arm: () => (count = 0) };
}

/** Says a line at once, so that it is heard although the process is killed next; waits while nobody listens. */
export function say(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let said = 0; said < bytes.length;) {
    try {
      said += writeSync(1, bytes, said);
    } catch (thrown) {
      if (errorNumber(thrown) !== 'EAGAIN') throw thrown;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
