import { bufferOf } from '../../engine/kernel/bufferOf';

const magic = 'SQLite format 3\0';
const headerBytes = 100;

/** A database file of SQLite with what its header says. */
export interface SqliteFile {
  readonly bytes: Buffer;
  readonly pageSize: number;
  /** Bytes of a page that SQLite uses. */
  readonly usable: number;
  readonly pageCount: number;
}

/** A page of a b-tree. */
export interface Page {
  /** Of a table, else of an index. */
  readonly isTable: boolean;
  /** Pages below it; none for a leaf. */
  readonly children: readonly number[];
  /** Where its cells begin in the file, after the numbers of the pages below them. */
  readonly cells: readonly number[];
}

const kinds = new Map([
  [2, { isTable: false, isLeaf: false }],
  [5, { isTable: true, isLeaf: false }],
  [10, { isTable: false, isLeaf: true }],
  [13, { isTable: true, isLeaf: true }],
]);

/** Reads the header of a file; undefined when it is not one of SQLite or its size is not whole pages. */
export function sqliteFile(content: Uint8Array): SqliteFile | undefined {
  const bytes = bufferOf(content);
  if (bytes.length < headerBytes || bytes.toString('latin1', 0, magic.length) !== magic) return undefined;
  const stored = bytes.readUInt16BE(16);
  const pageSize = stored === 1 ? 65_536 : stored;
  if (pageSize < 512 || bytes.length % pageSize !== 0) return undefined;
  return { bytes, pageSize, usable: pageSize - bytes.readUInt8(20), pageCount: bytes.length / pageSize };
}

/** Reads a page of a b-tree; undefined when it is none or points out of itself. */
export function pageOf(file: SqliteFile, number: number): Page | undefined {
  if (number < 1 || number > file.pageCount) return undefined;
  const { bytes, pageSize } = file;
  const start = (number - 1) * pageSize;
  const head = number === 1 ? start + headerBytes : start;
  const kind = kinds.get(bytes.readUInt8(head));
  if (!kind) return undefined;
  const pointers = head + (kind.isLeaf ? 8 : 12);
  const count = bytes.readUInt16BE(head + 3);
  if (pointers + 2 * count > start + pageSize) return undefined;
  const cells: number[] = [];
  const children = kind.isLeaf ? [] : [bytes.readUInt32BE(head + 8)];
  for (let i = 0; i < count; i++) {
    const cell = start + bytes.readUInt16BE(pointers + 2 * i);
    // A cell has at least four bytes.
    if (cell + 4 > start + pageSize) return undefined;
    if (!kind.isLeaf) children.push(bytes.readUInt32BE(cell));
    cells.push(kind.isLeaf ? cell : cell + 4);
  }
  return { isTable: kind.isTable, children, cells };
}

/** Sizes of what the cells of a page hold, bytes. Inner pages of a table hold nothing. */
export function payloadSizes({ bytes }: SqliteFile, { isTable, children, cells }: Page): number[] {
  if (isTable && children.length > 0) return [];
  return cells.map((cell) => varint(bytes, cell).value);
}

/** Pages beside its own that a payload takes. */
export function overflowPages(file: SqliteFile, isTable: boolean, size: number): number {
  const { usable } = file;
  if (size <= (isTable ? usable - 35 : indexLocal(usable, 64))) return 0;
  return Math.ceil((size - localBytes(file, isTable, size)) / (usable - 4));
}

/** Bytes of a payload that lie in the page of its cell. */
export function localBytes({ usable }: SqliteFile, isTable: boolean, size: number): number {
  const most = isTable ? usable - 35 : indexLocal(usable, 64);
  if (size <= most) return size;
  const least = indexLocal(usable, 32);
  const local = least + ((size - least) % (usable - 4));
  return local <= most ? local : least;
}

/** A number of SQLite's variable length, and where it ends. Bytes behind the end of the file count as 0. */
export function varint(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[start + i] ?? 0;
    value = value * 128 + (byte & 127);
    if (byte < 128) return { value, end: start + i + 1 };
  }
  return { value: value * 256 + (bytes[start + 8] ?? 0), end: start + 9 };
}

function indexLocal(usable: number, share: number): number {
  return Math.floor(((usable - 12) * share) / 255) - 23;
}
