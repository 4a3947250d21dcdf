import * as vscode from 'vscode';
import type { Connection } from '../../engine/connections/connection';
import { deleteConnection } from '../../engine/connections/deleteConnection';
import { secretRef, type ConnectionProfile } from '../../engine/connections/profile';
import { saveConnection, secretsUnavailable } from '../../engine/connections/saveConnection';
import type { ConnectionSecrets } from '../../engine/connections/stores';
import { keepsSecrets } from '../../engine/connections/secretResolver';
import { usableSecrets } from '../../engine/connections/usableSecrets';
import { toEngineError } from '../../engine/kernel/errors';
import type { App } from '../app';
import { addressOf, environmentWord, errorText, stateText } from '../messages';
import { type Choice, askChoice } from '../plainWindow';
import { askText, confirm, inform, tell, warn, withProgress } from '../prompts';
import { connectionNode } from '../trees/nodes';
import { askNewConnection } from './addConnection';
import { connectAndShow, pickConnection, required } from './pickNode';
import type { Handlers } from './registerCommand';
import { runTest } from './runTest';

const t = vscode.l10n.t;

/** Commands on connections. `openEditor` shows the connection editor. */
export function connectionCommands(app: App, openEditor: (connection?: Connection) => void): Handlers {
  return {
    'cachify.connection.add': () => addConnection(app),
    'cachify.connection.addInEditor': () => {
      openEditor();
    },
    'cachify.connection.edit': async (node) => {
      openEditor(await pickConnection(app, node, t('Edit connection')));
    },
    'cachify.connection.duplicate': async (node) =>
      duplicate(app, await pickConnection(app, node, t('Duplicate connection'))),
    'cachify.connection.delete': async (node) =>
      remove(app, await pickConnection(app, node, t('Delete connection'))),
    'cachify.connection.test': async (node) =>
      test(app, await pickConnection(app, node, t('Test connection'))),
    'cachify.connection.connect': async (node) =>
      connectNode(app, await pickConnection(app, node, t('Connect'))),
    'cachify.connection.disconnect': async (node) =>
      disconnect(app, await pickConnection(app, node, t('Disconnect'))),
    'cachify.connection.filter': async () => {
      const title = t('Filter connections');
      const prompt = t(
        'Words in name, address, environment or tags; #tag means exactly that tag. Empty shows all.',
      );
      app.tree.filterConnections(
        required(await askText({ title, prompt, value: app.tree.connectionFilter })),
      );
    },
    'cachify.connection.clearFilter': () => {
      app.tree.filterConnections('');
    },
    'cachify.connection.showStatus': () => showStatus(app),
  };
}

/** Connects, again when need be, and shows what is below. */
export async function connectNode(app: App, connection: Connection): Promise<void> {
  if (connection.health.state === 'unreachable') await connection.disconnect();
  await connectAndShow(app, connection);
  app.tree.refresh(connectionNode(connection));
}

async function addConnection(app: App): Promise<void> {
  const { draft, name, secrets } = required(await askNewConnection());
  const now = app.clock.now();
  const identity = {
    id: app.random.id(),
    order: app.connections.known().length,
    createdAt: now,
    updatedAt: now,
  };
  const profile = await saveNew(app, { ...draft, ...identity, name }, secrets);
  if (profile.auth.secret === 'ask') app.secrets.remember(profile, secrets);
  await connectNode(app, app.connections.get(profile.id));
}

/** Saves; when the keyring fails, offers to ask for the password in each session instead, never to keep it in plaintext. */
async function saveNew(
  app: App,
  profile: ConnectionProfile,
  secrets: ConnectionSecrets,
): Promise<ConnectionProfile> {
  const save = (wanted: ConnectionProfile) =>
    app.recorder.during(
      { action: 'connection.add', connectionId: wanted.id, environment: wanted.environment },
      () => saveConnection(app, wanted, secrets),
    );
  try {
    return await save(profile).finally(() => app.connections.reload());
  } catch (thrown) {
    const error = toEngineError(thrown);
    if (error.reason !== 'secrets-unavailable') throw error;
    const agreed = await confirm(
      errorText(error),
      t('The connection can be saved without its password, which is then asked for in each session.'),
      t('Ask Each Session'),
    );
    if (!agreed) throw error;
    const asking = { ...profile, auth: { ...profile.auth, secret: 'ask' as const } };
    return save(asking).finally(() => app.connections.reload());
  }
}

async function duplicate(app: App, { profile }: Connection): Promise<void> {
  const now = app.clock.now();
  const copy = {
    ...profile,
    id: app.random.id(),
    name: t('{0} copy', profile.name).slice(0, 100),
    order: profile.order + 0.5,
    createdAt: now,
    updatedAt: now,
  };
  await saveNew(app, copy, await secretsToCopy(app, profile));
  tell(t('Duplicated as {0}', copy.name));
}

/** The saved secrets, if they are for where the profile leads; without them the copy asks for its own. */
async function secretsToCopy(app: App, profile: ConnectionProfile): Promise<ConnectionSecrets> {
  if (!keepsSecrets(profile)) return {};
  try {
    return usableSecrets((await app.vault.get(secretRef(profile.id))) ?? {}, profile).secrets;
  } catch (thrown) {
    throw secretsUnavailable(
      t('The saved password of {0} cannot be read, so it was not duplicated', profile.name),
      thrown,
    );
  }
}

async function remove(app: App, connection: Connection): Promise<void> {
  const { profile } = connection;
  const question = t('Delete the connection {0}?', profile.name);
  const detail = t(
    'Its namespaces, saved searches and password are deleted. Nothing is changed on {0}.',
    addressOf(profile),
  );
  if (!(await confirm(question, detail, t('Delete Connection')))) return;
  const operation = {
    action: 'connection.delete',
    connectionId: profile.id,
    environment: profile.environment,
  };
  try {
    await app.recorder.during(operation, () => deleteConnection(app, profile));
  } catch (thrown) {
    const error = toEngineError(thrown);
    if (error.reason !== 'secrets-unavailable') throw error;
    const anyway = await confirm(
      errorText(error),
      t('The connection can be deleted all the same; its password then stays in the keyring.'),
      t('Delete Anyway'),
    );
    if (!anyway) return;
    await app.recorder.during(operation, () => deleteConnection(app, profile, true));
  }
  await app.connections.reload();
}

async function test(app: App, { profile }: Connection): Promise<void> {
  const secrets = await app.secrets.resolve(profile);
  const report = await withProgress(t('Testing {0}', profile.name), (signal) =>
    runTest(app, profile, secrets, signal),
  );
  const missing = report.missing.map(({ name, reason }) => `${name}: ${reason}`);
  if (!report.ok) warn(`${profile.name}: ${report.headline}`);
  else inform([`${profile.name}: ${report.headline}`, ...missing].join('\n'));
}

async function disconnect(app: App, connection: Connection): Promise<void> {
  app.places.close(connection);
  const { id, environment } = connection.profile;
  await app.recorder.during({ action: 'connection.disconnect', connectionId: id, environment }, () =>
    connection.disconnect(),
  );
  app.status.update();
  app.tree.refresh(connectionNode(connection));
}

/** All connections with their state; choosing one connects it. */
async function showStatus(app: App): Promise<void> {
  const all = await app.connections.list();
  const choices = all.map((connection): Choice<Connection> => ({
    label: connection.profile.name,
    description: `${environmentWord(connection.profile)} · ${stateText(connection)}`,
    detail: connection.health.cause ? errorText(connection.health.cause) : addressOf(connection.profile),
    value: connection,
  }));
  await connectNode(app, required(await askChoice(t('Connections'), choices, t('Choose one to connect'))));
}
