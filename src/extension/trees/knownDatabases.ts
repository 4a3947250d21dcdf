import type { Connection } from '../../engine/connections/connection';
import { isRefused, toEngineError } from '../../engine/kernel/errors';
import { errorText } from '../messages';

/** The databases of a connection that hold keys, in order; `hidden` says why others cannot be listed. */
export interface Databases {
  readonly numbers: readonly number[];
  readonly hidden?: string;
}

/**
 * Which databases each connection has. What was read before is given at once and read again meanwhile: while the editor
 * waits for the children of a connection it knows nothing below it, and a command of a menu there loses its key.
 */
export class KnownDatabases {
  private readonly known = new Map<string, Databases>();
  private readonly reading = new Set<string>();

  constructor(private readonly onChange: (connection: Connection) => void) {}

  /** The databases as they are known; as the server lists them where nothing is known. */
  async of(connection: Connection): Promise<Databases> {
    const { id } = connection.profile;
    const known = this.known.get(id);
    if (known) {
      void this.readAgain(connection, known);
      return known;
    }
    const read = await readDatabases(connection);
    this.known.set(id, read);
    return read;
  }

  /** Has the next look at a connection ask the server and wait for it. */
  forget(connection: Connection): void {
    this.known.delete(connection.profile.id);
  }

  private async readAgain(connection: Connection, before: Databases): Promise<void> {
    const { id } = connection.profile;
    if (this.reading.has(id)) return;
    this.reading.add(id);
    try {
      const read = await readDatabases(connection);
      if (this.known.get(id) !== before || JSON.stringify(read) === JSON.stringify(before)) return;
      this.known.set(id, read);
    } catch {
      // the next look reads, and tells of the failure in the tree
      if (!this.known.delete(id)) return;
    } finally {
      this.reading.delete(id);
    }
    this.onChange(connection);
  }
}

/** The profile's own database, and every other that holds keys as far as the user may see. */
async function readDatabases(connection: Connection): Promise<Databases> {
  const { dbIndex } = connection.profile;
  try {
    const { value } = await connection.read(dbIndex, (reader, call) => reader.databases(call));
    const numbers = new Set([dbIndex, ...value.map(({ db }) => db)]);
    return { numbers: [...numbers].sort((a, b) => a - b) };
  } catch (thrown) {
    const error = toEngineError(thrown);
    if (!isRefused(error)) throw thrown;
    return { numbers: [dbIndex], hidden: errorText(error) };
  }
}
