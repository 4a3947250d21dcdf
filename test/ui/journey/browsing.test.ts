import { eventually } from '../../helpers/eventually';
import { type Journey, editorMs, startJourney } from './journey';

describe('a person who browses', function () {
  this.timeout(editorMs);
  let journey: Journey;
  const place = () => journey.view.place('database 0', 'Shop');
  const keysInView = (count: number) =>
    eventually(`${count} keys are in view`, async () => {
      const keys = journey.view.window.page.getByRole('treeitem', { name: /^key / });
      return (await keys.count()) === count || undefined;
    });

  before(async () => {
    journey = await startJourney({
      profiles: [
        { name: 'Shop', tags: ['shop'] },
        { name: 'Other', environment: 'staging' },
      ],
      settings: { 'cachify.tree.pageSize': 20 },
      viewport: { width: 1280, height: 1500 },
    });
    const { client, view } = journey;
    for (let i = 10; i < 55; i++) await client.set(`order:${i}`, String(i));
    await client.sadd('order:all', '1');
    await client.hset('user:1', { name: 'Ada' });
    await client.select(3);
    await client.set('elsewhere', '1');
    await client.select(0);
    await view.connect('Shop');
  });

  after(() => journey.stop());

  it('expands databases and folders, with exact counts once the scan has ended', async () => {
    const { view } = journey;
    await view.place('database 3', 'Shop').waitFor();
    await view.expand(place());
    await view.folder('order:').filter({ hasText: '46' }).waitFor();
    await view.folder('user:').waitFor();
    await place().filter({ hasText: '47' }).waitFor();
  });

  it('loads more of a long level, a page at a time', async () => {
    const { view } = journey;
    await view.expand(view.folder('order:'));
    await view.key('order:10').waitFor();
    await keysInView(20);
    await view.follow('Load more…', view.key('order:48'));
    await keysInView(40);
    await view.follow('Load more…', view.key('order:all'));
    await keysInView(46);
    await view.note('Load more…').waitFor({ state: 'hidden' });
    await view.collapse(view.folder('order:'));
  });

  it('selects the key of an open value in the tree, in a folder that was closed', async () => {
    const { view } = journey;
    await view.openByName(place(), 'order:48');
    await view.run('Reveal key in tree');
    await view.key('order:48').and(view.window.page.locator('.selected, [aria-selected="true"]')).waitFor();
    await view.collapse(view.folder('order:'));
  });

  it('searches by a part of the name, sees what limits the list, and clears it', async () => {
    const { view } = journey;
    await view.menu(place(), 'Search keys…');
    await view.answer('Search keys', 'er:1');
    await place().filter({ hasText: 'filter: er:1' }).waitFor();
    await view.folder('order:').filter({ hasText: '10' }).waitFor();
    await view.folder('user:').waitFor();
    await view.menu(place(), 'Search keys…');
    await view.answer('Search keys', 'no such key');
    await view.note('No key matches — clear the filter').waitFor();
    await view.menu(place(), 'Clear key filter');
    await view.folder('order:').filter({ hasText: '46' }).waitFor();
  });

  it('filters by type, saves that as a search and opens it again', async () => {
    const { view } = journey;
    await view.menuChoice(place(), 'Filter keys by type…', 'hash');
    await view.folder('user:').waitFor();
    await view.folder('order:').waitFor({ state: 'hidden' });
    await view.menu(place(), 'Save search…');
    await view.answer('Name of the search', 'only hashes');
    await view.menu(place(), 'Clear key filter');
    await view.folder('order:').waitFor();
    await view.menuChoice(place(), 'Open saved search…', 'only hashes');
    await view.folder('order:').waitFor({ state: 'hidden' });
    await view.folder('user:').waitFor();
    await view.menu(place(), 'Clear key filter');
  });

  it('filters connections by tag and by environment, and is told when none is left', async () => {
    const { view } = journey;
    const filter = async (text: string): Promise<void> => {
      await view.run('Filter connections…');
      await view.answer('Filter connections', text);
    };
    await filter('#shop');
    await view.connection('Other').waitFor({ state: 'hidden' });
    await filter('staging');
    await view.connection('Other').waitFor();
    await view.connection('Shop').waitFor({ state: 'hidden' });
    await filter('nowhere');
    await view.window.page.getByRole('button', { name: 'Clear Filter' }).click();
    await view.connection('Shop').waitFor();
  });
});
