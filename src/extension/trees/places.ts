import type { ScanBatch, ScanRequest } from '../../engine/connections/cacheProvider';
import type { Connection } from '../../engine/connections/connection';
import { Emitter } from '../../engine/kernel/events';
import { KeyListing, type KeyFilter } from '../../engine/keys/keyListing';
import type { KeyName } from '../../engine/kernel/keyName';
import type { Clock } from '../../engine/kernel/ports';
import type { Recorder } from '../../engine/kernel/recorder';
import { placePrefix, type PlaceNode } from './nodes';

/** What a person limits a place to. `text` is what they typed. */
export interface PlaceFilter {
  readonly pattern?: KeyName;
  readonly text?: string;
  readonly type?: string;
}

/** The listing of each place that has been opened, its filter, and how many entries of each level are shown. */
export class Places {
  private readonly listings = new Map<string, KeyListing>();
  private readonly filters = new Map<string, PlaceFilter>();
  private readonly shown = new Map<string, number>();
  private readonly changes = new Emitter<PlaceNode>();

  /** Fires when the listing of a place changed in any way. */
  readonly onChange = this.changes.event;

  private readonly ends = new Emitter<PlaceNode>();
  /** Fires when a scan has ended, paused or failed: what is shown of it will not change by itself any more. */
  readonly onScanEnd = this.ends.event;

  constructor(
    private readonly recorder: Recorder,
    private readonly settings: {
      readonly budgetMs: () => number;
      readonly pageSize: () => number;
      readonly clock: Pick<Clock, 'monotonic'>;
    },
  ) {}

  /** The listing of a place; made, but not started, at first use. */
  listing(place: PlaceNode): KeyListing {
    const known = this.listings.get(place.id);
    if (known) return known;
    const listing = this.create(place);
    this.listings.set(place.id, listing);
    return listing;
  }

  /** Scans, or goes on scanning; resolves when the scan ends, pauses or fails. */
  async scan(place: PlaceNode): Promise<void> {
    const listing = this.listing(place);
    if (listing.progress.state === 'scanning') return;
    const { profile } = place.connection;
    const operation = {
      action: 'keys.scan',
      connectionId: profile.id,
      environment: profile.environment,
      namespace: place.namespace?.name ?? `db ${place.db}`,
      keyOrPattern: this.filter(place).text ?? '*',
    };
    await this.recorder.during(
      operation,
      async () => {
        await listing.run();
        this.ends.fire(place);
      },
      () => {
        const { state, found, examined, cause } = listing.progress;
        const details = { found, examined, state };
        return { status: state === 'failed' ? 'error' : 'success', details, ...(cause && { error: cause }) };
      },
    );
  }

  /** Forgets what was found; the next look at the place scans anew. */
  reset(place: PlaceNode): void {
    this.listings.get(place.id)?.cancel();
    this.listings.delete(place.id);
    this.changes.fire(place);
  }

  filter(place: PlaceNode): PlaceFilter {
    return this.filters.get(place.id) ?? {};
  }

  setFilter(place: PlaceNode, filter: PlaceFilter): void {
    this.filters.set(place.id, filter);
    this.reset(place);
  }

  /** Entries to show of the level with this node id. */
  pageSize(levelId: string): number {
    return this.shown.get(levelId) ?? this.settings.pageSize();
  }

  showMore(levelId: string): void {
    this.shown.set(levelId, this.pageSize(levelId) + this.settings.pageSize());
  }

  /** Notes a key that was made or removed in every listing of its database that would show it. */
  note(connection: Connection, db: number, key: KeyName, exists: boolean): void {
    const prefix = `conn:${connection.profile.id}/`;
    for (const [id, listing] of this.listings) {
      if (!id.startsWith(prefix) || listing.db !== db) continue;
      if (!exists || listing.admits(key)) listing.note(key, exists);
    }
  }

  /** After the link was lost: cursors of a server that may have restarted are worth nothing. */
  linkLost(connection: Connection): void {
    for (const [id, listing] of this.listings) {
      if (id.startsWith(`conn:${connection.profile.id}/`)) listing.forgetCursor();
    }
  }

  /** The connection was closed: stop its scans and forget what they found. */
  close(connection: Connection): void {
    for (const [id, listing] of [...this.listings]) {
      if (!id.startsWith(`conn:${connection.profile.id}/`)) continue;
      listing.cancel();
      this.listings.delete(id);
    }
  }

  /** Scan batches of a database, connecting first when need be. */
  async *scanOf(
    connection: Connection,
    db: number,
    request: ScanRequest,
    signal: AbortSignal,
  ): AsyncIterable<ScanBatch> {
    const provider = await connection.provider(db, signal);
    yield* provider.scan(request, connection.call(signal));
  }

  private create(place: PlaceNode): KeyListing {
    const { connection, db } = place;
    const { pattern, type } = this.filter(place);
    const filter: KeyFilter = {
      prefix: placePrefix(place),
      ...(pattern !== undefined && { pattern }),
      ...(type !== undefined && { type }),
    };
    const listing = new KeyListing(db, filter, {
      budgetMs: this.settings.budgetMs,
      clock: this.settings.clock,
      scan: (request, signal) => this.scanOf(connection, db, request, signal),
      countKeys: async (signal) =>
        (await connection.read(db, (reader, call) => reader.countKeys(call), signal)).value,
    });
    listing.onChange(() => {
      this.changes.fire(place);
    });
    return listing;
  }
}
