import * as vscode from 'vscode';
import type { KeyName } from '../../engine/kernel/keyName';
import { keyLabel } from '../../engine/keys/keyLabel';
import { KeyListing } from '../../engine/keys/keyListing';
import type { App } from '../app';
import { number, placeName } from '../messages';
import { withProgress } from '../prompts';
import { placePrefix, type FolderNode, type PlaceNode } from '../trees/nodes';

const t = vscode.l10n.t;

/**
 * Every key that a folder or a place shows, from a scan of its own that runs to the end; undefined when cancelled. A
 * filter of the place holds here too, and a key named exactly like a folder stands beside it and is not part of it.
 */
export async function collectKeys(app: App, node: FolderNode | PlaceNode): Promise<KeyName[] | undefined> {
  const place = node.kind === 'folder' ? node.place : node;
  const prefix = node.kind === 'folder' ? node.prefix : placePrefix(place);
  const listing = listingOf(app, place, prefix);
  const title =
    node.kind === 'folder'
      ? t('Counting keys that start with {0}', keyLabel(prefix))
      : t('Counting keys of {0}', placeName(place));
  await withProgress(title, async (signal, report) => {
    signal.addEventListener('abort', () => {
      listing.cancel();
    });
    listing.onChange(({ found, examined }) => {
      report(t('{0} found, {1} scanned', number(found), number(examined)));
    });
    await listing.run();
  });
  const { state, cause } = listing.progress;
  if (cause) throw cause;
  if (state !== 'complete') return undefined;
  return [...listing.below(prefix)].filter((key) => node.kind === 'place' || key !== prefix);
}

function listingOf(app: App, place: PlaceNode, prefix: KeyName): KeyListing {
  const { connection, db } = place;
  const { pattern, type } = app.places.filter(place);
  const filter = {
    prefix: pattern === undefined ? prefix : placePrefix(place),
    ...(pattern !== undefined && { pattern }),
    ...(type !== undefined && { type }),
  };
  return new KeyListing(db, filter, {
    budgetMs: () => Infinity,
    clock: app.clock,
    scan: (request, signal) => app.places.scanOf(connection, db, request, signal),
    countKeys: async (signal) =>
      (await connection.read(db, (reader, call) => reader.countKeys(call), signal)).value,
  });
}
