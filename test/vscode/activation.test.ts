import { strict as assert } from 'node:assert';
import childProcess from 'node:child_process';
import fs from 'node:fs';
import Module from 'node:module';
import net from 'node:net';
import { join } from 'node:path';
import workerThreads from 'node:worker_threads';
import * as vscode from 'vscode';
import { repositoryRoot } from '../helpers/repository';
import { converse, type Conversation } from './stubs';

interface Contributed {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

/** Where the code of the product is, as a stack names it. */
const product = join(repositoryRoot, 'dist');

/** Notes each use of a function or class by the product, until it is undone; the host's own uses are its business. */
function noteUses(owner: object, name: string, noted: string[]): () => void {
  const real: unknown = Reflect.get(owner, name);
  assert.ok(typeof real === 'function');
  const note = (): void => {
    if (new Error().stack?.includes(product)) noted.push(name);
  };
  const noting = new Proxy(real, {
    apply: (target, self, args) => {
      note();
      return Reflect.apply(target, self, args) as unknown;
    },
    construct: (target, args, made) => {
      note();
      return Reflect.construct(target, args, made) as object;
    },
  });
  Reflect.set(owner, name, noting);
  return () => Reflect.set(owner, name, real);
}

/** Files of the product that this host has loaded. */
function loadedFiles(): string[] {
  const cache: Readonly<Record<string, unknown>> = Reflect.get(Module, '_cache') as Record<string, unknown>;
  return Object.keys(cache).filter((path) => path.startsWith(product));
}

describe('activation', () => {
  const extension = vscode.extensions.getExtension<unknown>('cachify.cachify-studio');
  let conversation: Conversation;
  const opened: string[] = [];
  let undo: readonly (() => void)[] = [];
  before(async () => {
    conversation = converse();
    undo = [
      noteUses(net.Socket.prototype, 'connect', opened),
      noteUses(workerThreads, 'Worker', opened),
      noteUses(fs, 'watch', opened),
      noteUses(childProcess, 'spawn', opened),
    ];
    assert.ok(extension, 'the extension is installed');
    await extension.activate();
  });
  after(() => {
    conversation.end();
    for (const each of undo) each();
  });

  it('succeeds in a real extension host', () => {
    assert.equal(extension?.isActive, true);
  });

  it('opens no socket, starts no worker or process and watches no file', () => {
    assert.deepEqual(opened, []);
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

  it('starts the worker of the store with the first question to it, and connects to its socket', async () => {
    await vscode.commands.executeCommand('cachify.connection.test');
    assert.deepEqual(opened, ['Worker', 'connect']);
  });
});
