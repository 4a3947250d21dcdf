import * as vscode from 'vscode';
import { EngineError } from '../../engine/kernel/errors';
import { keyLabel } from '../../engine/keys/keyLabel';
import type { App } from '../app';
import { findInTree } from '../trees/findInTree';
import type { KeyNode } from '../trees/nodes';
import { connectAndShow } from './pickNode';

const t = vscode.l10n.t;

/** Selects a key in the tree, wherever its folders are; nothing when there is no key. */
export async function revealKey(app: App, node: KeyNode | undefined): Promise<void> {
  if (!node) return;
  await connectAndShow(app, node.place.connection);
  const found = await findInTree(app, node);
  if (!found) {
    const text = t(
      '{0} is not in the tree: a filter hides it, its folder is too long, or the scan has not come to it yet',
      keyLabel(node.key),
    );
    throw new EngineError('CONFLICT', 'gone', text);
  }
  await app.view.reveal(found, { select: true, focus: true, expand: false });
}
