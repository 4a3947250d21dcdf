import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { panelHtml } from '../../../src/extension/panels/panelHtml';
import { type Handlers, RpcHost } from '../../../src/extension/panels/rpcHost';
import { toEngineError } from '../../../src/engine/kernel/errors';
import type { EventMap, FromHost, MethodMap } from '../../../src/protocol/rpc';
import { repositoryRoot } from '../../helpers/repository';
import { inTheme, type ThemeKind } from './themes';

const origin = 'https://webview.test';
const bundles = process.env['CACHIFY_WEBVIEW_BUNDLES'] ?? join(repositoryRoot, 'dist', 'webview');

export interface SurfaceOptions<M extends MethodMap, E extends EventMap> {
  readonly bundle: string;
  readonly methods: M;
  readonly events: E;
  readonly handlers: Handlers<M>;
  readonly theme?: ThemeKind;
  readonly width?: number;
  readonly height?: number;
  readonly translations?: Readonly<Record<string, string>>;
}

/** A surface in a real page, served by the host code that ships, over a port that records what passes. */
export interface SurfacePage<E extends EventMap> {
  readonly page: Page;
  readonly host: Pick<RpcHost<MethodMap, E>, 'emit'>;
  /** Requests so far, oldest first. */
  requests(method: string): readonly unknown[];
  /** Errors, and what the content security policy stopped. */
  readonly complaints: string[];
  readonly close: () => Promise<void>;
}

/** Opens a surface as VS Code would: its page, its policy, its theme, its API. */
export async function openSurface<M extends MethodMap, E extends EventMap>(
  browser: Browser,
  options: SurfaceOptions<M, E>,
): Promise<SurfacePage<E>> {
  const { theme = 'vscode-dark', width = 1300, height = 800 } = options;
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const { host, sent, receive } = serve(page, options);
  await page.exposeFunction('postToHost', receive);
  await page.addInitScript(fakeApi);
  await page.route(`${origin}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name === '') await route.fulfill({ contentType: 'text/html', body: inTheme(html(options), theme) });
    else await route.fulfill({ contentType: mime(name), body: await readFile(join(bundles, name)) });
  });
  await page.goto(`${origin}/`);
  return {
    page,
    host,
    complaints,
    requests: (method) => sent.filter((each) => each.method === method).map((each) => each.params),
    close: () => context.close(),
  };
}

interface Sent {
  readonly method: string;
  readonly params: unknown;
}

function serve<M extends MethodMap, E extends EventMap>(
  page: Page,
  { methods, events, handlers }: SurfaceOptions<M, E>,
) {
  const sent: Sent[] = [];
  let deliver: (message: unknown) => void = () => undefined;
  const host = new RpcHost({
    port: {
      postMessage: async (message: FromHost) =>
        page.evaluate(postToPage, JSON.stringify(message)).then(
          () => true,
          () => false,
        ),
      onDidReceiveMessage: (listener) => {
        deliver = listener;
        return { dispose: () => undefined };
      },
    },
    methods,
    events,
    handlers,
    toRpcError: (thrown, { correlationId }) => {
      const { code, message, retryable } = toEngineError(thrown);
      return { code, message, retryable, correlationId };
    },
    onDropped: () => undefined,
  });
  const receive = (message: Sent & { readonly kind: string }): void => {
    if (message.kind === 'request') sent.push(message);
    deliver(message);
  };
  return { host, sent, receive };
}

/** Runs in the page; the message comes as JSON, as VS Code brings it. */
function postToPage(json: string): void {
  window.postMessage(JSON.parse(json), '*');
}

/** Runs in the page: what VS Code gives a webview. */
function fakeApi(): void {
  let state: unknown;
  const page = globalThis as typeof globalThis & { postToHost: (message: unknown) => void };
  Reflect.set(globalThis, 'acquireVsCodeApi', () => ({
    postMessage: (message: unknown) => page.postToHost(message),
    getState: () => state,
    setState: (next: unknown) => {
      state = next;
    },
  }));
}

function html({
  bundle,
  translations = {},
}: Pick<SurfaceOptions<MethodMap, EventMap>, 'bundle' | 'translations'>): string {
  return panelHtml({
    title: bundle,
    cspSource: origin,
    scriptUri: `${origin}/${bundle}.js`,
    styleUris: [`${origin}/theme.css`, `${origin}/codicon.css`],
    language: 'en',
    bundle: translations,
    restore: { key: 'k' },
  });
}

function mime(name: string): string {
  if (name.endsWith('.js')) return 'text/javascript';
  return name.endsWith('.css') ? 'text/css' : 'font/ttf';
}
