import { type Journey, editorMs, startJourney } from './journey';

/** Built-in themes, one of each kind there is. */
const themes = [
  'Default Light Modern',
  'Default Dark Modern',
  'Default High Contrast',
  'Default High Contrast Light',
];

for (const theme of themes) {
  describe(`what a person sees in ${theme}`, function () {
    this.timeout(editorMs);
    let journey: Journey;
    const place = () => journey.view.place('database 0', 'orders-cache');
    const picture = (what: string) =>
      journey.view.window.screenshot(`theme-${theme.toLowerCase().replaceAll(' ', '-')}-${what}`);

    before(async () => {
      journey = await startJourney({
        theme,
        profiles: [
          { name: 'orders-cache', tags: ['shop'] },
          { name: 'sessions', environment: 'staging' },
          { name: 'live', environment: 'prod', readOnly: true },
        ],
      });
      const { client, view } = journey;
      for (let i = 0; i < 12; i++) await client.hset(`user:${i}:profile`, { name: 'Ada', city: 'Berlin' });
      await client.set('page:home', '{"title":"Home","blocks":[1,2,3]}', 'EX', 8000);
      await view.connect('orders-cache');
      await view.expand(place());
      await view.expand(view.folder('user:'));
    });

    after(() => journey.stop());

    it('is a tree, a value and a connection editor, photographed for whoever judges them', async () => {
      const { view } = journey;
      const value = await view.openByName(place(), 'user:1:profile');
      await value.row('city').click();
      await value.text().waitFor();
      await value.shows('Berlin');
      await picture('hash');
      await view.openByName(place(), 'page:home');
      await picture('string');
      await view.menu(view.connection('sessions'), 'Edit connection…');
      const form = await view.editor('Edit sessions');
      await form.locator('vscode-button', { hasText: 'Test' }).click();
      await form.getByText(/Connected to/).waitFor();
      await picture('connection');
    });
  });
}
