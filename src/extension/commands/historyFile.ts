import { cancelled } from '../../engine/kernel/errors';
import { fileSink, type FileUri } from './transferFiles';

/** Writes all events, oldest first, as lines of JSON; rejects with `cancelled` when the signal aborts. */
export type ExportHistory = (options: {
  readonly write: (text: string) => Promise<void>;
  readonly onProgress: (events: number) => void;
  readonly signal: AbortSignal;
}) => Promise<{ readonly events: number }>;

/** Lets `fill` write a file that takes its name when it is whole; what was there before stays until then. */
export async function writeHistoryFile<T>(
  uri: FileUri,
  fill: (write: (text: string) => Promise<void>) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const sink = await fileSink(uri);
  try {
    const done = await fill((text) => sink.write(text));
    // a file that is no longer wanted must not take the place of the one before it
    if (signal.aborted) throw cancelled('The export of the history');
    await sink.commit();
    return done;
  } catch (thrown) {
    await sink.discard();
    throw thrown;
  }
}
