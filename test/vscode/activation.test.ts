import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';

describe('activation', () => {
  it('succeeds in a real extension host', async () => {
    const extension = vscode.extensions.getExtension('cachify.cachify-studio');
    assert.ok(extension, 'the extension is installed');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
