import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser';
import { type EditorServer, type EditorServerOptions, startEditorServer } from './editorServer';
import { EditorWindow } from './editorWindow';
import { packagedExtension } from './repository';

/** How an editor opens for a person's path. */
export interface EditorOptions extends EditorServerOptions {
  /** The folder opened in the window; a new empty one by default. */
  readonly folder?: string;
  /** The colour theme by its settings id, `Default Light Modern` for instance. */
  readonly theme?: string;
  /** Size of the page in pixels. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** An editor with its first window open; `close` ends the windows, the browser and the server. */
export interface Editor {
  readonly server: EditorServer;
  readonly window: EditorWindow;
  /** Another window on the same server: an extension host of its own, the same global storage. */
  openWindow(): Promise<EditorWindow>;
  close(): Promise<void>;
}

/** Opens VS Code with the packaged extension (or `vsix`) installed, as a person has it. */
export async function openEditor(options: EditorOptions = {}): Promise<Editor> {
  const { theme, settings, viewport = { width: 1280, height: 800 }, vsix = packagedExtension } = options;
  const themed = theme === undefined ? {} : { 'workbench.colorTheme': theme };
  const server = await startEditorServer({ ...options, vsix, settings: { ...settings, ...themed } });
  const browser = await launchOrStop(server);
  const temporary = await mkdtemp(join(tmpdir(), 'cachify-folder-'));
  const close = async (): Promise<void> => {
    await browser.close();
    await server.stop();
    await rm(temporary, { recursive: true, force: true });
  };
  const openWindow = async (): Promise<EditorWindow> => {
    const page = await browser.newPage({ viewport });
    return EditorWindow.open(page, server, options.folder ?? temporary);
  };
  try {
    return { server, window: await openWindow(), openWindow, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function launchOrStop(server: EditorServer): Promise<Browser> {
  try {
    return await launchBrowser();
  } catch (error) {
    await server.stop();
    throw error;
  }
}
