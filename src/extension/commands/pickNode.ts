import * as vscode from 'vscode';
import type { Connection } from '../../engine/connections/connection';
import { EngineError, cancelled } from '../../engine/kernel/errors';
import type { App } from '../app';
import { addressOf, environmentWord, placeName } from '../messages';
import { type Choice, askChoice, showProgress } from '../plainWindow';
import { activeKey } from './activeKey';
import {
  connectionNode,
  placeOf,
  type ConnectionNode,
  type FolderNode,
  type KeyNode,
  type Node,
  type PlaceNode,
} from '../trees/nodes';

const t = vscode.l10n.t;

/** What a command without an argument is for: what the editor in front shows, else what is selected in the tree. */
export async function aimedAt(app: App): Promise<readonly Node[]> {
  const key = await activeKey(app);
  return key ? [key] : app.view.selection;
}

/** The connection a command is for: the node it was called on, or one the person picks; what is in front comes first. */
export async function pickConnection(
  app: App,
  node: ConnectionNode | undefined,
  title: string,
): Promise<Connection> {
  if (node?.kind === 'connection') return node.connection;
  const aim = (await aimedAt(app)).map(connectionOf).find((connection) => connection !== undefined);
  const known = await app.connections.list();
  const all = [...known.filter((each) => each === aim), ...known.filter((each) => each !== aim)];
  if (all.length === 0)
    throw new EngineError('VALIDATION_ERROR', 'gone', t('There is no connection yet: add one first'));
  const choices = all.map((connection): Choice<Connection> => ({
    label: connection.profile.name,
    description: `${environmentWord(connection.profile)} · ${addressOf(connection.profile)}`,
    value: connection,
  }));
  return required(await askChoice(title, choices));
}

/** The place a command is for; connects first when need be. */
export async function pickPlace(app: App, node: Node | undefined, title: string): Promise<PlaceNode> {
  const known = node && placeOf(node);
  if (known) return known;
  const aim = (await aimedAt(app)).map(placeOf).find((place) => place !== undefined);
  if (aim && !node) return aim;
  const connection = await pickConnection(app, node?.kind === 'connection' ? node : undefined, title);
  await connectAndShow(app, connection);
  const children = await app.tree.getChildren(connectionNode(connection));
  const places = children.filter((child) => child.kind === 'place');
  const [only] = places;
  if (places.length === 1 && only) return only;
  const choices = places.map((place): Choice<PlaceNode> => ({
    label: placeName(place),
    value: place,
  }));
  return required(await askChoice(title, choices));
}

/** The key a command is for: the node, the one in front or selected in the tree, or one whose exact name is typed. */
export async function pickKey(app: App, node: KeyNode | undefined, title: string): Promise<KeyNode> {
  if (node?.kind === 'key') return node;
  const aim = (await aimedAt(app)).find((item) => item.kind === 'key');
  if (aim) return aim;
  const typed = await vscode.commands.executeCommand<KeyNode | undefined>('cachify.keys.openExact');
  if (!typed) throw cancelled(title);
  return typed;
}

/** The keys a command is for: what VS Code hands over, else (a keybinding, the palette) what is in front or selected. */
export async function pickKeys(
  app: App,
  node: KeyNode | undefined,
  selected: readonly Node[] | undefined,
  title: string,
): Promise<KeyNode[]> {
  const given = selected ?? (node && [node]);
  const aimed = given ?? (await aimedAt(app));
  const keys = aimed.filter((item) => item.kind === 'key');
  const isElsewhere = !given && aimed.length > 0 && app.view.visible;
  if (keys.length === 0 && isElsewhere) {
    throw new EngineError('VALIDATION_ERROR', 'invalid', t('Select one or more keys in the tree first'));
  }
  if (keys.length === 0) return [await pickKey(app, node, title)];
  const [first] = keys;
  if (first && keys.some((key) => key.place.id !== first.place.id)) {
    throw new EngineError(
      'VALIDATION_ERROR',
      'invalid',
      t('The selected keys are in different databases: choose keys of one'),
    );
  }
  return keys;
}

function connectionOf(node: Node): Connection | undefined {
  return node.kind === 'connection' ? node.connection : placeOf(node)?.connection;
}

/** Connects when not connected; the tree and status bar follow. */
export async function connectAndShow(app: App, connection: Connection): Promise<void> {
  app.status.show(connection);
  if (connection.health.state === 'connected' || connection.health.state === 'degraded') return;
  const { profile } = connection;
  const operation = {
    action: 'connection.connect',
    connectionId: profile.id,
    environment: profile.environment,
  };
  const title = t('Connecting to {0}', profile.name);
  const options = { location: { viewId: 'cachify.keys' }, title };
  try {
    await showProgress(options, () => app.recorder.during(operation, () => connection.connect()));
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.reason !== 'cancelled') {
      throw new EngineError(thrown.code, thrown.reason, `${profile.name}: ${thrown.message}`, {
        cause: thrown,
      });
    }
    throw thrown;
  }
}

/** A dismissed question ends the command without a word. */
export function required<T>(answer: T | undefined): T {
  if (answer === undefined) throw cancelled('The command');
  return answer;
}

/** Prefix under which a new key starts, as bytes, and the place it is in. */
export function prefixOf(node: PlaceNode | FolderNode): string {
  if (node.kind === 'folder') return node.prefix;
  return Buffer.from(node.namespace?.prefix ?? '', 'base64').toString('latin1');
}
