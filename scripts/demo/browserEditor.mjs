import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import editorServer from '../../out/test/helpers/editorServer.js';
import editorAddress from '../../out/test/helpers/editorAddress.js';

/** Starts VS Code's server with the package installed; `lifetime` stops it and removes its folders. */
export async function startBrowserEditor(lifetime, vsix) {
  const folder = await lifetime.own(
    'the demo folder',
    () => mkdtemp(join(tmpdir(), 'cachify-demo-')),
    (path) => rm(path, { recursive: true, force: true }),
  );
  // Whoever may run programs on this machine can reach the port: the token keeps them out of the editor.
  const token = randomBytes(16).toString('hex');
  const server = await lifetime.own(
    'VS Code',
    () => editorServer.startEditorServer({ vsix, token }),
    (running) => running.stop(),
  );
  return { server, folder, address: editorAddress.editorAddress(server, folder) };
}
