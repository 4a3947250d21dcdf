import type { ImportJob } from './importJob';
import type { ImportReport } from './importReport';
import { ImportRun } from './importRun';

/**
 * Writes the keys of a file, batch by batch through the gate, each key whole or not at all. Run again with the
 * policy `skip` it goes on where it stopped. Rejects when not even the first batch is admitted.
 */
export async function importKeys(job: ImportJob): Promise<ImportReport> {
  const run = new ImportRun(job);
  const records = run.records();
  try {
    let batch = 0;
    for (let next = await records.next(); !next.done; next = await run.next(records)) {
      const first = next.value;
      const request = { ...job.request, requestId: `${job.request.requestId}:${batch}` };
      const before = run.counts.report;
      await run.guarded(batch++, () =>
        job.gate.run(
          request,
          (session) => run.batch(session, first, records),
          () => run.counts.endingSince(before),
        ),
      );
      if (run.isOver) break;
    }
    return run.counts.report;
  } finally {
    await records.return(undefined);
  }
}
