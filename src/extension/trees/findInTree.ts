import { keyNode, type KeyNode, type Node } from './nodes';
import type { ConnectionTree } from './connectionTree';
import type { Places } from './places';

/** Pages of one level that are shown to reach a key; beyond them the tree would be slow to draw. */
const mostPages = 50;

interface TreeOfPlaces {
  readonly tree: ConnectionTree;
  readonly places: Pick<Places, 'showMore'>;
}

/** The node under which the tree shows a key, with enough shown of each level above; undefined where it is not listed. */
export async function findInTree(shown: TreeOfPlaces, { place, key }: KeyNode): Promise<Node | undefined> {
  const target = keyNode(place, key, shown.tree.prefixAbove(place, key));
  let found: Node | undefined;
  for (const { id } of pathTo(shown.tree, target)) {
    found = await childOf(shown, found, id);
    if (!found) return undefined;
  }
  return found;
}

/** The connection, the place, the folders from the outermost, and the node itself. */
function pathTo(tree: ConnectionTree, target: Node): Node[] {
  const path: Node[] = [];
  for (let node: Node | undefined = target; node; node = tree.getParent(node)) path.unshift(node);
  return path;
}

async function childOf(
  { tree, places }: TreeOfPlaces,
  parent: Node | undefined,
  id: string,
): Promise<Node | undefined> {
  for (let page = 0; page < mostPages; page++) {
    const children = await tree.getChildren(parent);
    const found = children.find((child) => child.id === id);
    if (found && page > 0) tree.refresh(parent);
    if (found || !parent || !children.some(({ kind }) => kind === 'more')) return found;
    places.showMore(parent.id);
  }
  return undefined;
}
