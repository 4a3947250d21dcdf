import { type Browser, chromium } from 'playwright-core';
import { requireTool } from '../../scripts/tools.cjs';

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the Chromium of this machine, headless; the caller closes it. */
export function launchBrowser(): Promise<Browser> {
  const root = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: requireTool('chromium'),
    args: root ? [...quiet, '--no-sandbox'] : quiet,
  });
}
