import { join } from 'node:path';
import type { StoreFiles } from './storeFiles';

/** What the folder of a store holds, by generation, ascending. */
export interface StoreListing {
  readonly snapshots: readonly number[];
  readonly journals: readonly number[];
  readonly seals: readonly number[];
  /** Half-written files that a crash left behind. */
  readonly temporary: readonly string[];
}

const snapshotPattern = /^snapshot-(\d+)\.sqlite$/;
const journalPattern = /^journal-(\d+)\.log$/;
const sealPattern = /^journal-(\d+)\.seal$/;

/** File of the snapshot that holds everything before generation `generation`. */
export function snapshotName(generation: number): string {
  return `snapshot-${generation}.sqlite`;
}

/** File of the journal of one generation. */
export function journalName(generation: number): string {
  return `journal-${generation}.log`;
}

/** File that says how far the journal of one generation went. */
export function sealName(generation: number): string {
  return `journal-${generation}.seal`;
}

/** File that says how far the newest journal went, should it be lost together with its seal. */
export const reachedName = 'store.reached';

/** Name under which something unreadable is kept. */
export function damagedName(name: string, stamp: string): string {
  return `${name}.damaged-${stamp}`;
}

/** A time as part of a file name. */
export function fileStamp(now: number): string {
  return new Date(now).toISOString().replaceAll(/[:.]/g, '-');
}

/** Lists the store's files; other names are left alone. */
export function listStore(files: StoreFiles, folder: string): StoreListing {
  const names = files.list(folder);
  return {
    snapshots: generations(names, snapshotPattern),
    journals: generations(names, journalPattern),
    seals: generations(names, sealPattern),
    temporary: names.filter((name) => name.endsWith('.tmp')),
  };
}

/** Keeps a file that cannot be read under another name; returns that name. */
export function setAside(files: StoreFiles, folder: string, name: string, stamp: string): string {
  const kept = damagedName(name, stamp);
  files.rename(join(folder, name), join(folder, kept));
  return kept;
}

function generations(names: readonly string[], pattern: RegExp): number[] {
  return names
    .map((name) => pattern.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}
