import * as vscode from 'vscode';
import { parseNamespace } from '../../engine/connections/namespace';
import { bytesOfLabel } from '../../engine/keys/keyLabel';
import type { App } from '../app';
import { askText, confirm } from '../prompts';
import { connectionNode } from '../trees/nodes';
import { pickConnection, pickPlace, required } from './pickNode';
import type { Handlers } from './registerCommand';

const t = vscode.l10n.t;

/** Commands on namespaces: named databases and key prefixes. */
export function namespaceCommands(app: App): Handlers {
  return {
    'cachify.namespace.add': async (node) => {
      const connection = await pickConnection(app, node, t('Add namespace'));
      const title = t('Add namespace to {0}', connection.profile.name);
      const name = required(
        await askText({
          title,
          prompt: t('Name'),
          validate: (text) => (text.trim() ? undefined : t('A name is needed')),
        }),
      );
      const db =
        connection.profile.engine === 'redis' ? await askDatabase(title, connection.profile.dbIndex) : 0;
      const prefix = await askPrefix(title);
      const connectionId = connection.profile.id;
      await app.namespaces.save(
        parseNamespace({ id: app.random.id(), connectionId, name, db, prefix: prefix.toString('base64') }),
      );
      app.tree.refresh(connectionNode(connection));
    },
    'cachify.namespace.delete': async (node) => {
      const { namespace, connection } = await pickPlace(app, node, t('Delete namespace'));
      if (!namespace) return;
      const detail = t('Only the name is removed from the list. No key is deleted.');
      if (!(await confirm(t('Delete the namespace {0}?', namespace.name), detail, t('Delete Namespace'))))
        return;
      await app.namespaces.remove(namespace.id);
      app.tree.refresh(connectionNode(connection));
    },
  };
}

async function askDatabase(title: string, value: number): Promise<number> {
  const validate = (text: string): string | undefined =>
    /^\d{1,6}$/.test(text) ? undefined : t('Write a database number');
  return Number(
    required(await askText({ title, prompt: t('Logical database'), value: String(value), validate })),
  );
}

async function askPrefix(title: string): Promise<Buffer> {
  const validate = (text: string): string | undefined =>
    bytesOfLabel(text) ? undefined : t('A backslash must be written as \\\\');
  const typed = required(
    await askText({ title, prompt: t('Key prefix, such as "app:"; empty for the whole database'), validate }),
  );
  return bytesOfLabel(typed) ?? Buffer.alloc(0);
}
