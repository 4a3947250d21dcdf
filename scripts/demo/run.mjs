import { resolve } from 'node:path';
import { startDemoServers } from './demoServers.mjs';
import { findDesktop, openDesktop, prepareDesktop, removeDesktop } from './desktop.mjs';
import { saveDemoProfiles } from './profiles.mjs';
import { step } from './steps.mjs';
import { startBrowserEditor } from './browserEditor.mjs';
import extensionStore from '../../out/test/helpers/extensionStore.js';

const vsix = resolve(import.meta.dirname, '../../cachify-studio.vsix');

/** Starts the demo servers and shows them in VS Code until the person has seen enough, or runs the smoke test. */
export async function runDemo(lifetime, { smoke, browser }) {
  const ports = await startDemoServers(lifetime);
  const code = smoke || browser ? undefined : findDesktop();
  if (code !== undefined) return showDesktop(lifetime, ports, code);
  const editor = await openBrowserEditor(lifetime, ports);
  if (!smoke) return tellAddress(lifetime, editor.address);
  const { runSmoke } = await import('./smoke.mjs');
  await runSmoke(lifetime, editor, ports);
}

async function showDesktop(lifetime, ports, code) {
  const desktop = await step('Preparing VS Code', `npm start -- --browser does without ${code}.`, () =>
    lifetime.own('VS Code', () => prepareDesktop(code, vsix), removeDesktop),
  );
  await saveDemoProfiles(extensionStore.storeFolder(desktop.userFolder), ports);
  lifetime.isReady = true;
  console.log('\nVS Code opens with the demo. Close its window or press Ctrl-C here to stop everything.');
  await openDesktop(desktop).closed;
}

async function openBrowserEditor(lifetime, ports) {
  const next = 'see artifacts/editor-logs; the first run downloads the npm package code-server.';
  return step('Starting VS Code', next, async () => {
    const editor = await startBrowserEditor(lifetime, vsix);
    await saveDemoProfiles(extensionStore.serverStoreFolder(editor.server.dataDir), ports);
    return editor;
  });
}

function tellAddress(lifetime, address) {
  lifetime.isReady = true;
  console.log(`\nOpen this address in a browser:\n\n  ${address}\n`);
  console.log('Cachify Studio is in the activity bar, at the left. Press Ctrl-C here to stop everything.');
  return lifetime.whenEnding;
}
