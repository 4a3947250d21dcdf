import { spawn } from 'node:child_process';
import { Stopped } from './lifetime.mjs';

/** Says what is done, does it, and says how long it took; a failure names the step and what to do next. */
export async function step(name, next, work) {
  const started = Date.now();
  process.stdout.write(`• ${name} …`);
  try {
    const result = await work();
    const detail = typeof result === 'string' ? ` ${result}` : '';
    console.log(`${detail} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    return result;
  } catch (error) {
    console.log('');
    if (error instanceof Stopped) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StepFailed(`${name} failed: ${reason.trim()}\n  Next: ${next}`, { cause: error });
  }
}

/** A failure a person can act on; its message is the whole story. */
export class StepFailed extends Error {}

/** Runs a Node script to its end as a child of `lifetime`; rejects with what it printed when it fails. */
export async function runNode(lifetime, args) {
  let output = '';
  const child = await lifetime.own(
    args[0],
    async () => spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] }),
    (running) => running.exitCode ?? running.kill(),
  );
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (lifetime.isEnding) throw new Stopped();
  if (code !== 0) throw new Error(output.trim() || `it ended with ${code}`);
}
