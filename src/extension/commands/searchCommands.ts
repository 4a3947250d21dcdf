import * as vscode from 'vscode';
import { globOfSearch } from '../../engine/keys/glob';
import type { App } from '../app';
import { askChoice, createList, listItems, type Choice } from '../plainWindow';
import { askText, tell } from '../prompts';
import { placeOf, type Node, type PlaceNode } from '../trees/nodes';
import type { SavedSearch } from '../../engine/connections/stores';
import { EngineError } from '../../engine/kernel/errors';
import { aimedAt, connectAndShow, pickPlace, required } from './pickNode';
import type { Handlers } from './registerCommand';

const t = vscode.l10n.t;

/** Types to filter by, as Redis calls them; where that is no word, what they are. */
function typeChoices(): Choice<string>[] {
  const plain = ['string', 'hash', 'list', 'set'].map((type) => ({ label: type, value: type }));
  return [
    ...plain,
    { label: 'zset', description: t('Sorted set'), value: 'zset' },
    { label: 'stream', value: 'stream' },
    { label: 'JSON', description: 'ReJSON-RL', value: 'ReJSON-RL' },
  ];
}

/** Commands that decide which keys are shown: scan, filter, saved searches. */
export function searchCommands(app: App): Handlers {
  return {
    'cachify.keys.refresh': (node) => {
      refresh(app, node);
    },
    'cachify.keys.search': (node) => search(app, node),
    'cachify.keys.filterByType': (node) => filterByType(app, node),
    'cachify.keys.clearFilter': async (node) => show(app, await pickPlace(app, node, t('Clear filter')), {}),
    'cachify.keys.saveSearch': (node) => saveSearch(app, node),
    'cachify.keys.openSearch': (node) => openSearch(app, node),
    'cachify.keys.continueScan': async (node) =>
      app.places.scan(await pickPlace(app, node, t('Continue scan'))),
    'cachify.keys.cancelScan': async (node) => {
      app.places.listing(await pickPlace(app, node, t('Stop scan'))).cancel();
    },
    'cachify.keys.loadMore': async (node) => {
      const { parent } = required(node ?? (await aimedAt(app)).find((item) => item.kind === 'more'));
      app.places.showMore(parent.id);
      app.tree.refresh(parent);
    },
  };
}

function refresh(app: App, node: Node | undefined): void {
  const place = node && placeOf(node);
  if (place) app.places.reset(place);
  app.tree.refresh(place ?? node);
}

type Filter = Parameters<App['places']['setFilter']>[1];

async function show(app: App, place: PlaceNode, filter: Filter): Promise<void> {
  await connectAndShow(app, place.connection);
  // The focus is taken now: expanding ends with the first keys, when the person may be typing elsewhere.
  await app.view.reveal(place, { focus: true });
  app.places.setFilter(place, filter);
  app.tree.refresh(place);
  await app.view.reveal(place, { expand: true });
}

async function search(app: App, node: PlaceNode | undefined): Promise<void> {
  const place = await pickPlace(app, node, t('Search keys'));
  const current = app.places.filter(place);
  const text = required(
    await askText({
      title: t('Search keys'),
      prompt: t(
        'A part of the name, or a pattern with * ? [abc]. Bytes as \\xff, a backslash as \\\\. Empty shows all keys.',
      ),
      value: current.text ?? '',
    }),
  );
  const { type } = current;
  const pattern = text === '' ? {} : { text, pattern: globOfSearch(text) };
  await show(app, place, { ...pattern, ...(type !== undefined && { type }) });
}

async function filterByType(app: App, node: PlaceNode | undefined): Promise<void> {
  const place = await pickPlace(app, node, t('Filter by type'));
  if (place.connection.profile.engine === 'memcached') {
    throw new EngineError(
      'NOT_SUPPORTED',
      'unsupported',
      t('Memcached knows no types: every value is an item'),
    );
  }
  const any = { label: t('All types'), value: '' };
  const chosen = required(await askChoice(t('Filter by type'), [any, ...typeChoices()]));
  const { type: _before, ...rest } = app.places.filter(place);
  await show(app, place, { ...rest, ...(chosen !== '' && { type: chosen }) });
}

async function saveSearch(app: App, node: PlaceNode | undefined): Promise<void> {
  const place = await pickPlace(app, node, t('Save search'));
  const { text, type } = app.places.filter(place);
  if (text === undefined && type === undefined) {
    throw new EngineError('VALIDATION_ERROR', 'invalid', t('Search or filter first, then save it'));
  }
  const name = required(
    await askText({
      title: t('Save search'),
      prompt: t('Name of the search'),
      value: [text, type].filter(Boolean).join(' '),
    }),
  );
  const connectionId = place.connection.profile.id;
  const search: SavedSearch = {
    id: app.random.id(),
    connectionId,
    name,
    pattern: text ?? '',
    createdAt: app.clock.now(),
    ...(type !== undefined && { type }),
  };
  await app.searches.save(search);
  tell(t('Saved as {0}', name));
}

async function openSearch(app: App, node: PlaceNode | undefined): Promise<void> {
  const place = await pickPlace(app, node, t('Open saved search'));
  const searches = await app.searches.list(place.connection.profile.id);
  if (searches.length === 0)
    throw new EngineError(
      'VALIDATION_ERROR',
      'gone',
      t('No search is saved for this connection yet: search, then save it'),
    );
  const chosen = await pickSearch(app, searches);
  if (!chosen) return;
  const { pattern, type } = chosen;
  const typed = pattern === '' ? {} : { text: pattern, pattern: globOfSearch(pattern) };
  await show(app, place, { ...typed, ...(type !== undefined && { type }) });
}

/** A list with a delete button on each search. */
function pickSearch(app: App, searches: readonly SavedSearch[]): Promise<SavedSearch | undefined> {
  const pick = createList<SavedSearch>(t('Open saved search'));
  const trash = { iconPath: new vscode.ThemeIcon('trash'), tooltip: t('Delete this search') };
  pick.items = listItems(
    searches.map((search) => ({
      label: search.name,
      description: [search.pattern, search.type].filter(Boolean).join(' · '),
      buttons: [trash],
      value: search,
    })),
  );
  return new Promise((resolve) => {
    pick.onDidTriggerItemButton(({ item }) => {
      pick.items = pick.items.filter((other) => other !== item);
      void app.searches.remove(item.value.id).catch((thrown: unknown) => {
        app.log.error('A search could not be deleted', { error: String(thrown) });
      });
    });
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.value);
      pick.dispose();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
