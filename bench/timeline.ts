import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HistoryQuery } from '../src/engine/kernel/history';
import { StoredHistory } from '../src/providers/store/historyStore';
import { RowParser } from '../src/providers/store/rowParser';
import { repositoryRoot } from '../test/helpers/repository';
import { besideAppends, p95Of } from './beside';
import { fillStore, filled, loadSnapshot, log, openClient } from './filledStore';
import type { Report } from './measure';

const rows = 200;
const budget = { of: 'value', atMost: 20 } as const;

/** Pages of 200 from a store of a million events: the first, a deep one, filtered ones. */
export async function bench(report: Report): Promise<void> {
  const folder = await mkdtemp(join(repositoryRoot, 'out/bench-timeline-'));
  try {
    const { snapshot, connections } = await fillStore(folder);
    const floor = await floorOf(snapshot);
    const client = openClient(folder);
    const history = new StoredHistory(client, new RowParser(log));
    const page = (query: Partial<HistoryQuery>) => async (): Promise<void> => {
      const found = await history.list({ limit: rows, ...query });
      if (found.length !== rows) throw new Error(`The page has ${found.length} events`);
    };
    const middle = Date.now() - filled.spanMs / 2;
    const queries: Record<string, Partial<HistoryQuery>> = {
      'first page': {},
      'deep page': { beforeSeq: filled.events / 2 },
      'page of a day': { from: middle, to: middle + 24 * 3_600_000 },
      'errors of a connection': { connectionId: connections[0] ?? '', status: 'error', to: middle },
      'one action in three': { action: 'SET', to: middle },
    };
    for (const [name, query] of Object.entries(queries)) {
      report({ metric: `${name}, p95`, value: await p95Of(page(query)), floor, unit: 'ms', budget });
    }
    const beside = await besideAppends(folder, () => p95Of(page({ from: middle })));
    report({
      metric: 'page of a time beside four clients that append, p95',
      value: beside,
      floor,
      unit: 'ms',
      budget,
    });
    const rare = await p95Of(page({ action: 'rename' }));
    report({
      metric: 'one action in a thousand, p95',
      value: rare,
      floor,
      unit: 'ms',
      budget,
    });
    await client.close();
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The bare query of the first page in this thread. */
async function floorOf(snapshot: string): Promise<number> {
  const database = await loadSnapshot(snapshot);
  const ms = await p95Of(() =>
    database.query(`SELECT * FROM history_events ORDER BY seq DESC LIMIT ${rows}`),
  );
  database.close();
  return ms;
}
