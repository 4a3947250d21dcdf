import { join } from 'node:path';
import { encodeHeader, headerBytes } from './journalFile';
import { type JournalSeal, SealFile } from './sealFile';
import { fileFailure, isFullDisk, ownedElsewhere } from './storeErrors';
import { type StoreFiles, errorNumber } from './storeFiles';
import { journalName, reachedName } from './storeFolder';

/**
 * Zeros written ahead of the records, bytes. An fsync that need not record a new file size takes half the time
 * (measured on ext4: 0.11 instead of 0.22 ms). Readers take zeros at the end for nothing.
 */
const reserve = Buffer.alloc(1024 * 1024);

/**
 * Appends commit groups to the journal of the current generation. Each owner starts a generation of its own and
 * never writes to a journal it found, so a stalled former owner cannot mix its records with the new owner's.
 *
 * States: `planned` (no file yet) -> `open` by the first append; `open` -> `planned` with the next generation by
 * `rotate` or a failed append. Its owner calls `rotate` last, to free the file.
 */
export class Journal {
  private handle: number | undefined;
  /** Bytes of the current file that hold whole records, and bytes it has. */
  private length = 0;
  private allocated = 0;
  private written = 0;
  /** Statements in the current file. */
  private changes = 0;
  private sealFile: SealFile | undefined;
  /** The same in a file of the store, told now and then. */
  private reached: SealFile | undefined;
  private sealed: JournalSeal | undefined;

  constructor(
    private readonly options: {
      readonly files: StoreFiles;
      readonly folder: string;
      readonly schemaVersion: number;
      /** Whether the store still is this window's: what its next owner has read may not be taken back. */
      readonly isOurs: () => boolean;
    },
    private generation: number,
    private previousLength: number,
  ) {}

  /** Generation of the file that the next append goes to. */
  get currentGeneration(): number {
    return this.generation;
  }

  /** Generation that a checkpoint made now would begin. */
  get nextGeneration(): number {
    return this.handle === undefined ? this.generation : this.generation + 1;
  }

  /** Bytes appended since the last `forgetSize`, over all generations. */
  get size(): number {
    return this.written;
  }

  /** Counts from zero again, after a checkpoint. */
  forgetSize(): void {
    this.written = 0;
  }

  /** Counts what recovery found in older journals, so that they too lead to a checkpoint. */
  countFound(bytes: number): void {
    this.written += bytes;
  }

  /**
   * Appends records of so many changes with one write and one fsync; returns when they are on the disk, throws an
   * EngineError when not.
   */
  append(records: readonly Uint8Array[], changes: number): void {
    const record = records.length === 1 && records[0] ? records[0] : Buffer.concat(records);
    if (this.handle === undefined) this.create(record);
    else this.extend(this.handle, record);
    this.length += record.length;
    this.written += record.length;
    this.changes += changes;
  }

  /** Vouches for what was appended so far: from now on its loss is noticed. To be called while the store is ours. */
  seal(): void {
    const isFirst = this.sealed === undefined;
    this.sealed = { length: this.length, changes: this.changes };
    this.sealFile?.write(this.sealed);
    if (isFirst) this.noteReached();
  }

  /** Says beside the seal how far it went, should both be lost; to be called now and then. */
  noteReached(): void {
    if (this.sealed) this.reached?.write(this.sealed);
  }

  /** Ends the current file; later appends go to the next generation. */
  rotate(): void {
    if (this.handle === undefined) return;
    this.dropReserve(this.handle);
    this.options.files.closeHandle(this.handle);
    this.noteReached();
    this.closeSeals();
    this.handle = undefined;
    this.generation++;
    this.previousLength = this.length;
    this.length = 0;
    this.changes = 0;
  }

  private closeSeals(): void {
    this.sealFile?.close();
    this.reached?.close();
    this.sealed = undefined;
  }

  private dropReserve(handle: number): void {
    try {
      this.options.files.truncate(handle, this.length);
    } catch {
      // The zeros only take room: no reader minds them.
    }
  }

  /** Writes at the end of the records, with a new reserve of zeros when the old one does not suffice. */
  private write(handle: number, bytes: Uint8Array): void {
    const { files } = this.options;
    const end = this.length + bytes.length;
    if (end <= this.allocated) files.write(handle, bytes, this.length);
    else this.allocated = this.writeWithReserve(handle, bytes, end);
    files.sync(handle);
  }

  /** Returns the size of the file. Without room for zeros the records alone are written. */
  private writeWithReserve(handle: number, bytes: Uint8Array, end: number): number {
    const { files } = this.options;
    try {
      files.write(handle, Buffer.concat([bytes, reserve]), this.length);
      return end + reserve.length;
    } catch (thrown) {
      if (!isFullDisk(thrown)) throw thrown;
      // What was written of the zeros gives its room back, perhaps to the records.
      files.truncate(handle, this.length);
      files.write(handle, bytes, this.length);
      return end;
    }
  }

  private create(record: Uint8Array): void {
    const { files, folder, schemaVersion } = this.options;
    const { generation, previousLength } = this;
    const file = join(folder, journalName(generation));
    const header = encodeHeader({ generation, schemaVersion, previousLength });
    try {
      this.handle = files.openExclusive(file);
      this.allocated = 0;
      this.write(this.handle, Buffer.concat([header, record]));
      this.sealFile = new SealFile({ files, folder }, generation);
      this.sealFile.open();
      files.syncFolder(folder);
      this.reached = new SealFile({ files, folder }, generation, reachedName);
      this.reached.open();
      this.length = headerBytes;
    } catch (thrown) {
      throw this.undoCreate(file, thrown);
    }
  }

  private extend(handle: number, record: Uint8Array): void {
    try {
      this.write(handle, record);
    } catch (thrown) {
      throw this.undoExtend(handle, thrown);
    }
  }

  /** Removes a file that could not be begun; when even that fails, the next generation seals it at length 0. */
  private undoCreate(file: string, thrown: unknown): Error {
    const { files } = this.options;
    if (this.handle === undefined) {
      // Someone else has begun this generation: ownership was lost, or is shared with a stalled former owner.
      return errorNumber(thrown) === 'EEXIST' ? ownedElsewhere('not applied') : fileFailure('Saving', thrown);
    }
    if (!this.options.isOurs()) return this.giveUp(this.handle, thrown);
    this.closeSeals();
    try {
      files.truncate(this.handle, 0);
      files.closeHandle(this.handle);
      this.handle = undefined;
      files.remove(file);
      return fileFailure('Saving', thrown);
    } catch {
      this.handle = undefined;
      this.generation++;
      this.previousLength = 0;
      return fileFailure('Saving', thrown, 'unknown');
    }
  }

  /**
   * Cuts a half-written group off. After a failed fsync the system may have dropped pages it claims to hold, so the
   * file is not appended to again: the next group begins a generation whose header seals this file at its last
   * acknowledged byte, which also makes the outcome `not applied` certain should the cut itself have failed.
   */
  private undoExtend(handle: number, thrown: unknown): Error {
    if (!this.options.isOurs()) return this.giveUp(handle, thrown);
    let outcome: 'not applied' | 'unknown' = 'not applied';
    try {
      this.options.files.truncate(handle, this.length);
      this.options.files.sync(handle);
    } catch {
      outcome = 'unknown';
    }
    this.rotate();
    return fileFailure('Saving', thrown, outcome);
  }

  /** Leaves the file as it is: whether the next owner has read what could not be flushed is for that one to tell. */
  private giveUp(handle: number, thrown: unknown): Error {
    this.options.files.closeHandle(handle);
    this.closeSeals();
    this.handle = undefined;
    return ownedElsewhere('unknown', thrown);
  }
}
