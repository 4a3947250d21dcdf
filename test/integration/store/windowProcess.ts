import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from '../../helpers/eventually';
import { repositoryRoot } from '../../helpers/repository';

const script = join(repositoryRoot, 'out/test/integration/store/appendingWindow.js');

/** A process that works with a store as a window does, and what it said so far. */
export class WindowProcess {
  /** Ids of the events whose saving was acknowledged. */
  readonly acknowledged: string[] = [];
  /** Epoch of the owner it is linked to; 0 before. */
  epoch = 0;
  isOwner = false;
  /** What it complained of. */
  complaint = '';
  readonly ended: Promise<unknown>;
  private readonly child: ChildProcess;
  private half = '';

  /** Starts one that appends `limit` events, or until it is killed. */
  constructor(folder: string, prefix: string, limit = Infinity) {
    const args = [script, folder, prefix, ...(limit === Infinity ? [] : [String(limit)])];
    this.child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const { stdout, stderr } = this.child;
    assert.ok(stdout && stderr);
    stdout.setEncoding('utf8').on('data', (text: string) => this.hear(text));
    stderr.setEncoding('utf8').on('data', (text: string) => (this.complaint += text));
    this.ended = once(this.child, 'close');
  }

  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(signal);
  }

  /** Resolves when it has that many more events acknowledged than now. */
  async progress(events: number): Promise<void> {
    const enough = this.acknowledged.length + events;
    await eventually(
      `${events} more events are acknowledged; ${this.complaint}`,
      () => this.acknowledged.length >= enough || undefined,
      45_000,
    );
  }

  private hear(text: string): void {
    const lines = (this.half + text).split('\n');
    this.half = lines.pop() ?? '';
    for (const line of lines) {
      const [, role, epoch] = /^(owner|client) (\d+)$/.exec(line) ?? [];
      if (role === undefined) {
        this.acknowledged.push(line);
        continue;
      }
      this.isOwner = role === 'owner';
      this.epoch = Number(epoch);
    }
  }
}
