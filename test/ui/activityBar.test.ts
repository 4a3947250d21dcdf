import { type Editor, openEditor } from '../helpers/editor';

describe('the activity bar of a real editor', function () {
  this.timeout(120_000);
  let editor: Editor | undefined;

  before(async () => {
    editor = await openEditor();
  });

  after(async () => editor?.close());

  it('shows Cachify once the package is installed', async () => {
    const { window } = editor!;
    await window.activity('Cachify').waitFor();
    await window.screenshot('activity-bar');
  });
});
