import { EngineError } from '../kernel/errors';
import { Emitter } from '../kernel/events';
import { Connection, type ConnectionPorts } from './connection';
import type { ConnectionProfile } from './profile';
import type { ProfileStore } from './stores';

/** All saved connections in tree order, with the live object of each. The stored profiles are the truth; this mirrors them. */
export class Connections {
  private readonly live = new Map<string, Connection>();
  private loading: Promise<void> | undefined;
  private lastReload: Promise<void> = Promise.resolve();
  private readonly changes = new Emitter<string | undefined>();

  /** Fires with the id of the connection that changed, or undefined when the list itself did. */
  readonly onChange = this.changes.event;

  constructor(
    private readonly store: ProfileStore,
    private readonly ports: ConnectionPorts,
  ) {}

  /** Loads the profiles once; later calls are free. A failed load may be tried again. */
  async list(): Promise<Connection[]> {
    this.loading ??= this.reload();
    try {
      await this.loading;
    } catch (thrown) {
      this.loading = undefined;
      throw thrown;
    }
    return this.known();
  }

  /** What is loaded already, in tree order. */
  known(): Connection[] {
    return [...this.live.values()].sort(
      (a, b) => a.profile.order - b.profile.order || a.profile.createdAt - b.profile.createdAt,
    );
  }

  /** The connection, or VALIDATION_ERROR when it was deleted. */
  get(id: string): Connection {
    const connection = this.live.get(id);
    if (connection) return connection;
    throw new EngineError('VALIDATION_ERROR', 'gone', 'This connection does not exist any more');
  }

  find(id: string): Connection | undefined {
    return this.live.get(id);
  }

  /** Reads the stored profiles again and applies what changed; one reload at a time, so that an older list never wins. */
  reload(): Promise<void> {
    const reload = this.lastReload.then(() => this.readAll());
    this.lastReload = reload.catch(() => undefined);
    return reload;
  }

  private async readAll(): Promise<void> {
    const profiles = await this.store.list();
    const ids = new Set(profiles.map((profile) => profile.id));
    for (const id of [...this.live.keys()]) if (!ids.has(id)) await this.drop(id);
    for (const profile of profiles) await this.adopt(profile);
    this.changes.fire(undefined);
  }

  /** Ends every session. */
  async dispose(): Promise<void> {
    await Promise.all([...this.live.values()].map((connection) => connection.disconnect()));
  }

  private async adopt(profile: ConnectionProfile): Promise<void> {
    const known = this.live.get(profile.id);
    if (!known) {
      const connection = new Connection(profile, this.ports);
      connection.onChange(() => {
        this.changes.fire(profile.id);
      });
      this.live.set(profile.id, connection);
      return;
    }
    const reconnect = known.profile.updatedAt !== profile.updatedAt;
    known.profile = profile;
    if (reconnect) {
      this.ports.secrets.forget(profile.id);
      await known.disconnect();
    }
  }

  private async drop(id: string): Promise<void> {
    const connection = this.live.get(id);
    this.live.delete(id);
    this.ports.secrets.forget(id);
    await connection?.disconnect();
  }
}
