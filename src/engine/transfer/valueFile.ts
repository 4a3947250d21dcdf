import { Buffer } from 'node:buffer';
import type { CacheReader, CallOptions } from '../connections/cacheProvider';
import type { ApplyOutcome } from '../connections/change';
import type { TtlChange } from '../connections/ttlChange';
import type { SeenValue, ValuePart } from '../connections/valuePart';
import { cancelled, EngineError, invalid, toEngineError } from '../kernel/errors';
import type { Clock } from '../kernel/ports';
import { batchCall } from '../keys/changeKey';
import type { WriteGate, WriteRequest } from '../keys/guard';
import { sealed, type SealKey } from './dumpSeal';
import { headOf } from './exportKeys';
import { linesFormat } from './fileFormat';
import { outcomeEnding } from './outcomeEnding';
import type { FileSink, FileSource } from './ports';
import { readParts } from './readParts';
import { partBytes } from './splitPart';

/** Largest value that is read from a file, bytes: what Redis takes for a string. */
export const largestValue = 512 * 1024 * 1024;

export interface SaveJob {
  readonly reader: CacheReader;
  readonly call: CallOptions;
  readonly key: Buffer;
  readonly sink: FileSink;
  readonly sealKey: SealKey;
  readonly clock: Clock;
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Writes a value to a file: the bytes of a string, item or JSON text as they are, any other type as an export of that
 * one key. The file takes its name only when it is whole. Gives the bytes written.
 */
export async function saveValue(job: SaveJob): Promise<number> {
  let bytes = 0;
  try {
    for await (const piece of contentOf(job)) {
      if (job.call.signal?.aborted) throw cancelled('Saving the value');
      await job.sink.write(piece);
      bytes += Buffer.byteLength(piece);
      job.onProgress?.(bytes);
    }
    await job.sink.commit();
    return bytes;
  } catch (thrown) {
    await job.sink.discard();
    throw toEngineError(thrown);
  }
}

async function* contentOf({ reader, call, key, clock, sealKey }: SaveJob): AsyncIterable<string | Buffer> {
  const facts = await reader.describe(key, call);
  if (!facts) throw new EngineError('CONFLICT', 'gone', 'The key does not exist any more. Nothing was saved');
  const parts = readParts(reader, key, facts, call, () => clock.now());
  if (facts.type === 'string' || facts.type === 'item' || facts.type === 'json') {
    for await (const part of parts) if ('bytes' in part) yield part.bytes;
    return;
  }
  yield linesFormat.header(reader.identity.product === 'memcached' ? 'memcached' : 'redis');
  yield* linesFormat.key(headOf(key, facts, clock.now()), sealed(parts, sealKey));
  yield linesFormat.footer(1, 0);
}

export interface LoadFileJob {
  readonly gate: WriteGate;
  readonly request: WriteRequest;
  readonly key: Buffer;
  readonly source: FileSource;
  readonly as: { readonly kind: 'string' | 'json' } | { readonly kind: 'item'; readonly flags: number };
  readonly ttl: TtlChange;
  /** What is replaced; absent: the key must not exist. */
  readonly seen?: SeenValue;
  readonly signal?: AbortSignal;
  readonly onProgress?: (bytes: number) => void;
}

/** Writes the bytes of a file as the value of a key, through the gate. A file above 512 MiB is refused unread. */
export async function loadFile(job: LoadFileJob): Promise<ApplyOutcome> {
  const { source, seen, ttl } = job;
  if (source.size > largestValue)
    throw invalid(`The file has ${source.size} bytes: a value can have ${largestValue} at most`);
  return job.gate.run(
    job.request,
    ({ provider, permit, connection }) => {
      const options = { ttl, replace: seen !== undefined, ...(seen && { seen }) };
      return provider.load(job.key, fileParts(job), options, permit, batchCall(connection.call(job.signal)));
    },
    outcomeEnding,
  );
}

async function* fileParts({ source, as, signal, onProgress }: LoadFileJob): AsyncIterable<ValuePart> {
  let bytes = 0;
  for await (const chunk of source.chunks(signal)) {
    bytes += chunk.length;
    // it may grow while it is read
    if (bytes > largestValue) throw invalid(`The file grew above ${largestValue} bytes while it was read`);
    yield { ...as, bytes: chunk };
    onProgress?.(bytes);
  }
  if (bytes !== source.size)
    throw invalid(`The file changed while it was read: it had ${source.size} bytes, and ${bytes} were read`);
  if (bytes === 0) yield { ...as, bytes: Buffer.alloc(0) };
}

/** Bytes that a file is best read by. */
export const chunkBytes = partBytes;
