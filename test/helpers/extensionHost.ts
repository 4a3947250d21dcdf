import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { format } from 'node:util';
import type { Page } from 'playwright-core';
import { launchBrowser } from './browser';
import { type EditorServer, startEditorServer } from './editorServer';
import { repositoryRoot } from './repository';

const limitMs = 10 * 60_000;

/** What to run inside an extension host. */
export interface ExtensionHostRun {
  /** A compiled module with an exported `run()`. */
  readonly entry: string;
  /** The folder of the extension under development; the repository by default. */
  readonly extension?: string;
  /** Environment of the extension host, besides ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** Gets each line of the workbench's console, the extension host's included. */
  readonly log: (line: string) => void;
}

/** Runs a module inside a real extension host; resolves with the exit code, 0 when its run() resolved. */
export async function runInExtensionHost(options: ExtensionHostRun): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'cachify-workspace-'));
  const server = await startEditorServer({ env: options.env ?? {} });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const exit = await exitOf(page, options);
    await page.goto(runUrl(server, folder, options));
    return await exit.code;
  } finally {
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Listens for what the workbench reports; wrapped, so that awaiting this does not await the exit. */
async function exitOf(page: Page, { entry, log }: ExtensionHostRun): Promise<{ code: Promise<number> }> {
  let finish: (code: number) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const code = new Promise<number>((resolvePromise, reject) => {
    finish = resolvePromise;
    fail = reject;
  });
  const timer = setTimeout(
    () => fail(new Error(`${entry} did not end within ${limitMs / 60_000} min`)),
    limitMs,
  );
  page.once('crash', () => fail(new Error('The page of the editor crashed')));
  await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => log(format(...args)));
  await page.exposeFunction('codeAutomationExit', (value: number) => finish(value));
  return { code: code.finally(() => clearTimeout(timer)) };
}

function runUrl(server: EditorServer, folder: string, { entry, extension }: ExtensionHostRun): string {
  const remote = (path: string): string => `vscode-remote://${server.authority}${uriPath(path)}`;
  const payload = [
    ['extensionDevelopmentPath', remote(extension ?? repositoryRoot)],
    ['extensionTestsPath', remote(entry)],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ folder: uriPath(folder), payload: JSON.stringify(payload) });
  return `${server.url}?${query.toString()}`;
}

/** A path as it stands in a URI, drive letters included. */
export function uriPath(path: string): string {
  const slashed = resolve(path).replaceAll('\\', '/');
  return slashed.startsWith('/') ? slashed : `/${slashed}`;
}
