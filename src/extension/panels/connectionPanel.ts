import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Connection } from '../../engine/connections/connection';
import { profileDefaults } from '../../engine/connections/profile';
import { parseWith } from '../../engine/kernel/parse';
import { connectionEditorMethods } from '../../protocol/connectionEditor';
import type { App } from '../app';
import type { Surface } from './panel';
import type { Handlers } from './rpcHost';
import { ConnectionSession } from './connectionSession';

const t = vscode.l10n.t;

export const connectionViewType = 'cachify.connection';

const note = v.object({ connectionId: v.string() });

/** Which connection a restored form was for; its id is empty for a new one. */
export function connectionNote(restored: unknown): v.InferOutput<typeof note> {
  return parseWith(note, restored, 'Restored panel');
}

type ConnectionSurface = Surface<typeof connectionEditorMethods, Record<string, never>>;

/** The connection editor: for a saved connection, or for a new one. */
export function connectionSurface(
  app: App,
  connection: Connection | undefined,
  connect: (id: string) => Promise<void>,
): ConnectionSurface {
  return {
    viewType: connectionViewType,
    bundle: 'connection',
    key: connection?.profile.id ?? 'new',
    title: connection ? t('Edit {0}', connection.profile.name) : t('New Connection'),
    restore: { connectionId: connection?.profile.id ?? '' },
    methods: connectionEditorMethods,
    events: {},
    start: (panel) => {
      const session = new ConnectionSession(
        app,
        connection?.profile ?? profileDefaults('redis'),
        connection?.profile,
      );
      return handlers(session, async (id, andConnect) => {
        panel.close();
        if (andConnect) await connect(id);
      });
    },
  };
}

function handlers(
  session: ConnectionSession,
  saved: (id: string, connect: boolean) => Promise<void>,
): Handlers<typeof connectionEditorMethods> {
  return {
    'connection/load': () => session.load(),
    'connection/check': ({ form }) => ({ problems: session.check(form) }),
    'connection/enterSecret': ({ which }) => session.enterSecret(which),
    'connection/forgetSecret': ({ which }) => session.forgetSecret(which),
    'connection/pickFile': ({ which }) => session.pickFile(which),
    'connection/clearFile': ({ which }) => session.clearFile(which),
    'connection/pasteUrl': ({ form }) => session.pasteUrl(form),
    'connection/test': ({ form }, { signal }) => session.test(form, signal),
    'connection/save': async ({ form, connect }) => {
      const result = await session.save(form);
      if (result.id !== undefined) await saved(result.id, connect);
      return { problems: result.problems };
    },
  };
}
