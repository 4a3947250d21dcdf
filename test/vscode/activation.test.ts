import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import Module from 'node:module';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { repositoryRoot } from '../helpers/repository';
import { converse, type Conversation } from './stubs';

interface Contributed {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

/** How many this host holds of what activation must not open; the host itself has some of each. */
function opened(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo())
    if (/^(TCP|TLS|MessagePort|Worker|FSEvent)/.test(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Files of the product that this host has loaded. */
function loadedFiles(): string[] {
  const cache: Readonly<Record<string, unknown>> = Reflect.get(Module, '_cache') as Record<string, unknown>;
  return Object.keys(cache).filter((path) => path.startsWith(join(repositoryRoot, 'dist')));
}

describe('activation', () => {
  const extension = vscode.extensions.getExtension<unknown>('cachify.cachify-studio');
  let conversation: Conversation;
  let atStart: Map<string, number>;
  before(async () => {
    conversation = converse();
    atStart = opened();
    assert.ok(extension, 'the extension is installed');
    await extension.activate();
  });
  after(() => {
    conversation.end();
  });

  it('succeeds in a real extension host', () => {
    assert.equal(extension?.isActive, true);
  });

  it('opens no socket, starts no worker and watches no file', () => {
    const more = [...opened()].filter(([name, count]) => count > (atStart.get(name) ?? 0));
    assert.deepEqual(more, []);
  });

  it('cannot start a process: those of the host come and go, so the bundle is what tells', async () => {
    const bundle = await readFile(join(repositoryRoot, 'dist', 'extension.js'), 'utf8');
    assert.ok(!bundle.includes('child_process'));
  });

  it('H20: loads no driver, and nothing but its own entry', () => {
    assert.deepEqual(loadedFiles(), [join(repositoryRoot, 'dist', 'extension.js')]);
  });

  it('C18: shows no message and asks nothing', () => {
    assert.deepEqual([conversation.said, conversation.asked], [[], []]);
  });

  it('registers every command of the manifest', async () => {
    const manifest = extension?.packageJSON as Contributed;
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.filter(({ command }) => !registered.has(command));
    assert.ok(manifest.contributes.commands.length > 30);
    assert.deepEqual(missing, []);
  });
});
