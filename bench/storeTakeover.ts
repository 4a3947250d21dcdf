import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../test/helpers/eventually';
import { repositoryRoot } from '../test/helpers/repository';
import { WindowProcess } from '../test/integration/store/windowProcess';
import { fillStore } from './filledStore';
import { type Report, median } from './measure';

const kills = 10;

/** Milliseconds from the death of the owner (SIGKILL, under load) to the next event another window had acknowledged. */
export async function bench(report: Report): Promise<void> {
  for (const size of ['small', 'of a million events'] as const) {
    const folder = await mkdtemp(join(repositoryRoot, 'out/bench-store-takeover-'));
    const windows = new Set<WindowProcess>();
    try {
      if (size !== 'small') await fillStore(folder);
      const times = await takeovers(folder, windows);
      const budget = { of: 'value', atMost: 2000 } as const;
      report({ metric: `store ${size}, longest`, value: Math.max(...times), unit: 'ms', budget });
      report({ metric: `store ${size}, median`, value: median(times), unit: 'ms', budget });
    } finally {
      for (const window of windows) window.signal('SIGKILL');
      await Promise.all([...windows].map(({ ended }) => ended));
      await rm(folder, { recursive: true });
    }
  }
}

async function takeovers(folder: string, windows: Set<WindowProcess>): Promise<number[]> {
  const times: number[] = [];
  let started = 0;
  const start = (): WindowProcess => new WindowProcess(folder, `w${++started}`);
  windows.add(start()).add(start()).add(start());
  for (let kill = 0; kill < kills; kill++) {
    await Promise.all([...windows].map((window) => window.progress(20)));
    const owner = await eventually('somebody owns the store', () =>
      [...windows].find(({ isOwner }) => isOwner),
    );
    windows.delete(owner);
    owner.signal('SIGKILL');
    await owner.ended;
    const died = performance.now();
    await Promise.any([...windows].map((window) => window.progress(1)));
    times.push(performance.now() - died);
    windows.add(start());
  }
  return times;
}
