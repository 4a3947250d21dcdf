import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type StoreFiles, isMissing } from './storeFiles';
import { reachedName, sealName } from './storeFolder';

const magic = 'CSE1';
const slotBytes = 32;

/** Two places in sectors of their own, written in turn: a torn one leaves the one before it. */
const slots = [0, 512] as const;

/** How far a journal went that was acknowledged. */
export interface JournalSeal {
  /** Bytes from its start. */
  readonly length: number;
  /** Statements in its records. */
  readonly changes: number;
}

/**
 * Says beside a journal how far it went, so that records cut off its end, or the whole file, are missed. Written after
 * each fsync of the journal without one of its own: it never says more than is on the disk, outlives the process,
 * and after a loss of power may say less. What cannot be written is not vouched for; saving goes on.
 */
export class SealFile {
  private handle: number | undefined;
  private turn = 0;

  constructor(
    private readonly options: { readonly files: StoreFiles; readonly folder: string },
    private readonly generation: number,
    /** Another file than the one beside the journal. */
    private readonly name = sealName(generation),
  ) {}

  /** Begins it, saying that there is nothing yet. */
  open(): void {
    const { files, folder } = this.options;
    this.attempt(() => {
      this.handle = files.openNew(join(folder, this.name));
      files.write(this.handle, Buffer.alloc(slots[1] + slotBytes), 0);
    });
  }

  write(seal: JournalSeal): void {
    const { handle } = this;
    if (handle === undefined) return;
    const slot = slots[this.turn++ % slots.length] ?? slots[0];
    this.attempt(() => this.options.files.write(handle, encodeSeal(this.generation, seal), slot));
  }

  /** Flushes it to the disk; nothing is written any more. */
  close(): void {
    const { handle } = this;
    if (handle === undefined) return;
    this.attempt(() => this.options.files.sync(handle));
    this.attempt(() => this.options.files.closeHandle(handle));
    this.handle = undefined;
  }

  private attempt(work: () => void): void {
    try {
      work();
    } catch {
      // The journal itself is whole; only its loss would not be noticed.
    }
  }
}

/** A seal and the journal it is of. */
export interface FoundSeal extends JournalSeal {
  readonly generation: number;
}

/** What the seal of a journal says; undefined when there is none, or none that can be read. */
export function readSeal(files: StoreFiles, folder: string, generation: number): FoundSeal | undefined {
  return newest(
    readSeals(files, folder, sealName(generation)).filter((seal) => seal.generation === generation),
  );
}

/** What `store.reached` says of the newest journal it knows of. */
export function readReached(files: StoreFiles, folder: string): FoundSeal | undefined {
  return newest(readSeals(files, folder, reachedName));
}

function newest(seals: readonly FoundSeal[]): FoundSeal | undefined {
  return seals.toSorted((one, other) => other.generation - one.generation || other.length - one.length).at(0);
}

function readSeals(files: StoreFiles, folder: string, name: string): FoundSeal[] {
  let bytes: Buffer;
  try {
    bytes = Buffer.from(files.read(join(folder, name)));
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw thrown;
  }
  return slots.flatMap((at) => decodeSeal(bytes.subarray(at, at + slotBytes)) ?? []);
}

function encodeSeal(generation: number, { length, changes }: JournalSeal): Buffer {
  const bytes = Buffer.alloc(slotBytes);
  bytes.write(magic, 0, 'latin1');
  bytes.writeUInt32LE(generation, 4);
  bytes.writeDoubleLE(length, 8);
  bytes.writeDoubleLE(changes, 16);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 24)), 24);
  return bytes;
}

function decodeSeal(bytes: Buffer): FoundSeal | undefined {
  if (bytes.length < slotBytes || bytes.toString('latin1', 0, 4) !== magic) return undefined;
  if (bytes.readUInt32LE(24) !== crc32(bytes.subarray(0, 24))) return undefined;
  return {
    generation: bytes.readUInt32LE(4),
    length: bytes.readDoubleLE(8),
    changes: bytes.readDoubleLE(16),
  };
}
