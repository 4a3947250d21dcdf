import * as v from 'valibot';
import { toEngineError } from '../../engine/kernel/errors';
import { parseWith } from '../../engine/kernel/parse';
import { keyLabel } from '../../engine/keys/keyLabel';
import { keyBytes, keyName } from '../../engine/kernel/keyName';
import { valueEvents, valueMethods } from '../../protocol/value';
import type { App } from '../app';
import { environmentWord } from '../messages';
import { keyNode, placeNode, placePrefix, type KeyNode, type PlaceNode } from '../trees/nodes';
import type { Panel, Surface } from './panel';
import type { Handlers } from './rpcHost';
import { valueHandlers } from './valueHandlers';
import { ValueSession } from './valueSession';

type ValueSurface = Surface<typeof valueMethods, typeof valueEvents>;

export const valueViewType = 'cachify.value';

const restored = v.object({
  connectionId: v.string(),
  db: v.number(),
  namespaceId: v.optional(v.string()),
  key: v.string(),
});

/** Sessions of the open value panels, so that an act elsewhere can refresh them. */
export class ValuePanels {
  private readonly open = new Map<ValueSession, Panel<typeof valueEvents>>();

  constructor(private readonly app: App) {}

  /** The panel of one key. */
  surface(node: KeyNode): ValueSurface {
    const { connection, db, namespace } = node.place;
    const label = keyLabel(node.key);
    return {
      viewType: valueViewType,
      bundle: 'value',
      key: node.id,
      title: `${label.length > 40 ? `${label.slice(0, 40)}…` : label} · ${environmentWord(connection.profile)}`,
      restore: {
        connectionId: connection.profile.id,
        db,
        ...(namespace && { namespaceId: namespace.id }),
        key: keyBytes(node.key).toString('base64'),
      },
      methods: valueMethods,
      events: valueEvents,
      start: (panel) => this.start(node, panel),
    };
  }

  /** The surface a restored panel showed; undefined when its connection is gone or the state is not ours. */
  async restore(state: unknown): Promise<ValueSurface | undefined> {
    const { connectionId, db, namespaceId, key } = parseWith(restored, state, 'Restored panel');
    await this.app.connections.list();
    const connection = this.app.connections.find(connectionId);
    if (!connection) return undefined;
    const all = namespaceId === undefined ? [] : await this.app.namespaces.list(connectionId);
    const place = placeNode(
      connection,
      db,
      all.find(({ id }) => id === namespaceId),
    );
    return this.surface(keyNode(place, keyName(Buffer.from(key, 'base64')), placePrefix(place)));
  }

  /** Reads again what is shown of a database after an act elsewhere. */
  refresh(place: PlaceNode): void {
    for (const [session, panel] of this.open) {
      const shown = session.node.place;
      if (shown.connection === place.connection && shown.db === place.db) void this.push(session, panel);
    }
  }

  /** The key whose panel is in front, if one is. */
  active(): KeyNode | undefined {
    return [...this.open].find(([, panel]) => panel.isActive())?.[0].node;
  }

  private start(node: KeyNode, panel: Panel<typeof valueEvents>): Handlers<typeof valueMethods> {
    const session = new ValueSession(this.app, node);
    this.open.set(session, panel);
    panel.own({ dispose: () => this.open.delete(session) });
    panel.own(
      this.app.connections.onChange((id) => {
        if (id === undefined || id === node.place.connection.profile.id)
          panel.emit('value/header', session.header());
      }),
    );
    return valueHandlers(session);
  }

  private async push(session: ValueSession, panel: Panel<typeof valueEvents>): Promise<void> {
    try {
      panel.emit('value/snapshot', await session.snapshot());
    } catch (thrown) {
      this.app.log.warn('A value panel could not be refreshed', { reason: toEngineError(thrown).reason });
    }
  }
}
