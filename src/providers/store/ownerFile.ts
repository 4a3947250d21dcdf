import { join } from 'node:path';
import * as v from 'valibot';
import { type StoreFiles, isMissing } from './storeFiles';

/** Name of the file in which the owner of a store says how it is reached. */
export const ownerFileName = 'store.owner';

const ownerFacts = v.object({
  /** Rises with each change of owner. */
  epoch: v.pipe(v.number(), v.integer()),
  /** Path of the socket, or name of the pipe. */
  address: v.string(),
  /** What owner and client prove to each other that they know. It is never sent. */
  key: v.pipe(v.string(), v.minLength(1)),
  pid: v.pipe(v.number(), v.integer()),
  host: v.string(),
  /** When it became the owner, milliseconds since the epoch. */
  since: v.number(),
});

/** How the owner of a store is reached, and who it is. Readable by this user only: it holds the key. */
export type OwnerFacts = v.InferOutput<typeof ownerFacts>;

/** Says who the owner is; the file is never half there. */
export function publishOwner(files: StoreFiles, folder: string, facts: OwnerFacts): void {
  const temporary = join(folder, `${ownerFileName}.${facts.pid}-${facts.epoch}.tmp`);
  files.removeIfThere(temporary);
  files.createExclusive(temporary, JSON.stringify(facts));
  files.rename(temporary, join(folder, ownerFileName));
}

/** The last owner that said so; undefined when none did or the file cannot be understood. */
export function readOwner(files: StoreFiles, folder: string): OwnerFacts | undefined {
  try {
    return parseOwner(Buffer.from(files.read(join(folder, ownerFileName))).toString('utf8'));
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
}

/** Parses what `publishOwner` wrote; undefined when it is something else. */
export function parseOwner(text: string): OwnerFacts | undefined {
  try {
    const parsed = v.safeParse(ownerFacts, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
