import { crc32 } from 'node:zlib';
import { bufferOf } from '../../engine/kernel/bufferOf';
import { decodeGroup } from './journalRecord';
import type { Transaction } from './statement';

const magic = 'CSJ1';
/** Bytes of a journal's header. */
export const headerBytes = 24;

/** Stands for a length that was not known when the header was written. */
export const unsealed = -1;

/** The first bytes of a journal. */
export interface JournalHeader {
  readonly generation: number;
  /** Version of the schema its statements are written for. */
  readonly schemaVersion: number;
  /**
   * Where the journal of the generation before ends. It seals that file: what a stalled former owner still
   * appends to it lies behind the seal, was never acknowledged, and is not replayed. `unsealed` when not known.
   */
  readonly previousLength: number;
}

/** What a journal holds, up to its first torn or damaged record. */
export interface JournalContents {
  /** Undefined when even the header is torn or damaged. */
  readonly header: JournalHeader | undefined;
  readonly groups: readonly { readonly transactions: readonly Transaction[]; readonly end: number }[];
  /** Bytes of the file without the zeros at its end, which were reserved and not used. */
  readonly size: number;
}

/** The header as it is stored: magic, numbers, CRC-32. */
export function encodeHeader(header: JournalHeader): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.write(magic, 0, 'latin1');
  bytes.writeUInt32LE(header.generation, 4);
  bytes.writeUInt32LE(header.schemaVersion, 8);
  bytes.writeDoubleLE(header.previousLength, 12);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 20)), 20);
  return bytes;
}

/** Reads a journal as far as it is whole. */
export function readJournal(file: Uint8Array): JournalContents {
  const bytes = bufferOf(file);
  const header = decodeHeader(bytes);
  const groups = [];
  let offset = headerBytes;
  while (header) {
    const group = decodeGroup(bytes, offset);
    if (!group) break;
    groups.push(group);
    offset = group.end;
  }
  return { header, groups, size: Math.max(groups.at(-1)?.end ?? 0, usedLength(bytes)) };
}

function usedLength(bytes: Buffer): number {
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length--;
  return length;
}

function decodeHeader(bytes: Buffer): JournalHeader | undefined {
  if (bytes.length < headerBytes || bytes.toString('latin1', 0, 4) !== magic) return undefined;
  if (bytes.readUInt32LE(20) !== crc32(bytes.subarray(0, 20))) return undefined;
  return {
    generation: bytes.readUInt32LE(4),
    schemaVersion: bytes.readUInt32LE(8),
    previousLength: bytes.readDoubleLE(12),
  };
}
