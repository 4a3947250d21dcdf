import * as vscode from 'vscode';
import type { Connections } from '../../engine/connections/connections';
import type { ProfileStore } from '../../engine/connections/stores';
import { toEngineError } from '../../engine/kernel/errors';
import { errorText } from '../messages';
import { plainError } from '../plainText';
import type { Node } from './nodes';

const mime = 'application/vnd.code.tree.cachify.keys';

/** Reorders connections by drag and drop. Keys cannot be dragged: a drop never copies data between servers. */
export class ConnectionDrag implements vscode.TreeDragAndDropController<Node> {
  readonly dragMimeTypes = [mime];
  readonly dropMimeTypes = [mime];

  constructor(
    private readonly connections: Connections,
    private readonly profiles: ProfileStore,
  ) {}

  handleDrag(source: readonly Node[], data: vscode.DataTransfer): void {
    const ids = source.filter((node) => node.kind === 'connection').map((node) => node.connection.profile.id);
    if (ids.length > 0) data.set(mime, new vscode.DataTransferItem(ids));
  }

  async handleDrop(target: Node | undefined, data: vscode.DataTransfer): Promise<void> {
    const dragged: unknown = data.get(mime)?.value;
    const onto = target?.kind === 'connection' ? target.connection.profile.id : undefined;
    if (!Array.isArray(dragged) || (target && onto === undefined)) return;
    const order = reordered(
      this.connections.known().map(({ profile }) => profile.id),
      dragged,
      onto,
    );
    try {
      await this.profiles.reorder(new Map(order.map((id, position) => [id, position])));
      await this.connections.reload();
    } catch (thrown) {
      throw plainError(errorText(toEngineError(thrown)));
    }
  }
}

/** The ids with `dragged` moved before `onto`, or to the end. */
export function reordered(
  ids: readonly string[],
  dragged: readonly unknown[],
  onto: string | undefined,
): string[] {
  const moved = ids.filter((id) => dragged.includes(id) && id !== onto);
  const rest = ids.filter((id) => !moved.includes(id));
  const at = onto === undefined ? rest.length : rest.indexOf(onto);
  return [...rest.slice(0, at), ...moved, ...rest.slice(at)];
}
