import { invalid } from '../../engine/kernel/errors';
import { plainLine } from '../plainText';

/** A part of a value that is opened by itself. */
export type DocumentElement =
  { readonly kind: 'hash'; readonly field: Buffer } | { readonly kind: 'stream'; readonly id: string };

/** What a document shows: one value, or one element of it. */
export interface DocumentTarget {
  readonly connectionId: string;
  readonly db: number;
  readonly namespaceId?: string;
  readonly key: Buffer;
  readonly element?: DocumentElement;
}

/** The folder of every path, by which the editor knows the language and with it the settings that keep bytes. */
export const documentFolder = 'Cachify values';

/** The folder of the paths of value panels. */
export const panelFolder = 'Cachify panels';

/** Longest readable part of a path, in characters. */
const partLength = 120;

/** The identity of a document, all of it, as the query of its address. */
export function targetQuery({ connectionId, db, namespaceId, key, element }: DocumentTarget): string {
  const parts: [string, string][] = [
    ['c', encoded(Buffer.from(connectionId))],
    ['d', String(db)],
    ['k', encoded(key)],
  ];
  if (namespaceId !== undefined) parts.push(['n', encoded(Buffer.from(namespaceId))]);
  if (element?.kind === 'hash') parts.push(['f', encoded(element.field)]);
  if (element?.kind === 'stream') parts.push(['e', encoded(Buffer.from(element.id))]);
  return parts.map(([name, value]) => `${name}=${value}`).join('&');
}

/** Reads back what `targetQuery` wrote. Throws VALIDATION_ERROR for anything else. */
export function parseTarget(query: string): DocumentTarget {
  const parts = new Map(query.split('&').map((part) => splitOnce(part)));
  const db = parts.get('d') ?? '';
  if (!parts.has('c') || !parts.has('k') || !/^\d{1,6}$/.test(db))
    throw invalid('This address names no value: open the value from the tree again');
  const namespaceId = textOf(parts.get('n'));
  const element = elementOf(parts);
  return {
    connectionId: textOf(parts.get('c')) ?? '',
    db: Number(db),
    key: Buffer.from(parts.get('k') ?? '', 'base64url'),
    ...(namespaceId !== undefined && { namespaceId }),
    ...(element && { element }),
  };
}

function elementOf(parts: ReadonlyMap<string, string>): DocumentElement | undefined {
  const field = parts.get('f');
  if (field !== undefined) return { kind: 'hash', field: Buffer.from(field, 'base64url') };
  const id = textOf(parts.get('e'));
  if (id === undefined) return undefined;
  if (!/^\d{1,20}-\d{1,20}$/.test(id)) throw invalid('This address names no entry of a stream');
  return { kind: 'stream', id };
}

function splitOnce(part: string): [string, string] {
  const at = part.indexOf('=');
  return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
}

function encoded(bytes: Buffer): string {
  return bytes.toString('base64url');
}

function textOf(base64url: string | undefined): string | undefined {
  return base64url === undefined ? undefined : Buffer.from(base64url, 'base64url').toString('utf8');
}

/** A path that people read; it identifies nothing. Slashes and dots that would mean a folder become look-alikes. */
export function readablePath(labels: readonly string[], folder: string = documentFolder): string {
  return `/${[folder, ...labels].map(pathPart).join('/')}`;
}

/** Whether a path is of a folder above the document: editors look at those before they write. */
export function isFolderOf(path: string, { element }: DocumentTarget): boolean {
  const [, ...parts] = path.split('/');
  return parts.length < (element ? 5 : 4);
}

function pathPart(label: string): string {
  const short = label.length > partLength ? `${label.slice(0, partLength)}…` : label;
  const part = plainLine(short).replaceAll('/', '∕').replaceAll('\\', '⧵');
  return /^\.{0,2}$/.test(part) ? part.replaceAll('.', '․') || '∅' : part;
}
