import * as vscode from 'vscode';
import type { CacheReader, CallOptions } from '../../engine/connections/cacheProvider';
import type { ElementRef, GroupPage, KeyFacts } from '../../engine/connections/valuePage';
import { EngineError } from '../../engine/kernel/errors';
import { keyBytes } from '../../engine/kernel/keyName';
import { momentBody } from '../../engine/kernel/moment';
import { bytesOfSearch } from '../../engine/keys/glob';
import { keyLabel } from '../../engine/keys/keyLabel';
import { type OpenedValue, openValue, readRequest } from '../../engine/keys/openValue';
import { type SearchStep, searchValue } from '../../engine/values/searchValue';
import type { ElementDto, FoundDto, ValueSnapshot } from '../../protocol/value';
import type { PageDto } from '../../protocol/valuePage';
import type { App } from '../app';
import { requireOpen } from '../documents/documentPlace';
import { errorText, placeName } from '../messages';
import type { KeyNode } from '../trees/nodes';
import { pageDto } from './valueDto';

const t = vscode.l10n.t;

/** What one request of a search may look at. */
const searchBudget = { rows: 20_000, milliseconds: 400 };
/** Pending entries of a page. */
const groupRows = 100;

interface SnapshotOptions {
  readonly signal?: AbortSignal;
  readonly descending?: boolean;
  /** One of many reads that nobody asks for: it leaves no trace in the history. */
  readonly repeated?: boolean;
}

/**
 * Reads one key for its panel. `epoch` counts the snapshots given out: a request based on an older one is refused
 * as stale. Never connects by itself: a panel brought back with the window waits until the person connects.
 */
export class ValueSession {
  private epoch = 0;
  private descending = false;
  private last: { readonly opened: OpenedValue; readonly atMs: number } | undefined;
  readonly key: Buffer;
  /** What Undo would take back, as a sentence. */
  undoLabel: string | undefined;

  constructor(
    readonly app: App,
    readonly node: KeyNode,
  ) {
    this.key = keyBytes(node.key);
  }

  /** The name of the key, for people. */
  get label(): string {
    return keyLabel(this.node.key);
  }

  /** What was read last, and when, milliseconds since the epoch. */
  get seen(): { readonly opened: OpenedValue; readonly atMs: number } | undefined {
    return this.last;
  }

  /** Reads the key anew; from the last element when `descending`, which later snapshots keep. */
  async snapshot({
    signal,
    descending = this.descending,
    repeated = false,
  }: SnapshotOptions = {}): Promise<ValueSnapshot> {
    const { connection, db } = this.node.place;
    requireOpen(connection);
    this.descending = descending;
    const start = this.app.clock.monotonic();
    const open = async (): Promise<OpenedValue> => {
      const read = (reader: CacheReader, call: CallOptions) =>
        openValue(reader, this.key, call, { descending });
      return (await connection.read(db, read, signal)).value;
    };
    const operation = { ...this.place(), action: 'value.read', keyOrPattern: this.label };
    const opened = repeated ? await open() : await this.app.recorder.during(operation, open);
    return this.dto(opened, this.app.clock.monotonic() - start);
  }

  /** The epoch a change can be based on, after a first read if need be; undefined when there is no key. */
  async seenEpoch(): Promise<number | undefined> {
    if (!this.last) await this.snapshot();
    return this.last?.opened.facts && this.epoch;
  }

  header(): ValueSnapshot['header'] {
    const { connection } = this.node.place;
    const { profile, health } = connection;
    const lock = this.app.gate.lock(connection);
    return {
      keyLabel: this.label,
      connectionName: profile.name,
      environment: profile.environment,
      engine: profile.engine,
      place: placeName(this.node.place),
      state: health.state,
      ...(lock && { locked: errorText(lock) }),
    };
  }

  async page(epoch: number, cursor: string, signal: AbortSignal): Promise<PageDto> {
    const request = readRequest(this.current(epoch), { cursor, descending: this.descending });
    const page = await this.read((reader, call) => reader.read(this.key, request, call), signal);
    return pageDto(page, this.app.clock.now());
  }

  /** One element, whole; undefined when it is gone. */
  element(element: ElementRef, signal?: AbortSignal): Promise<Buffer | undefined> {
    return this.read((reader, call) => reader.readElement(this.key, element, call), signal);
  }

  group(epoch: number, group: Buffer, cursor: string | undefined, signal: AbortSignal): Promise<GroupPage> {
    this.current(epoch);
    const request = { limit: groupRows, ...(cursor !== undefined && { cursor }) };
    return this.read((reader, call) => reader.readGroup(this.key, group, request, call), signal);
  }

  /** Searches on from a cursor for a while. */
  async search(
    epoch: number,
    text: string,
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<FoundDto> {
    const query = {
      type: this.current(epoch).type,
      text: bytesOfSearch(text),
      caseSensitive: false,
      ...(cursor !== undefined && { cursor }),
    };
    return this.read(async (reader, call) => {
      let found: FoundDto = { offsets: [], examined: 0 };
      for await (const step of searchValue(reader, this.key, query, searchBudget, call, this.app.clock)) {
        found = foundDto(step, this.app.clock.now());
        if (found.page || found.offsets.length > 0) return found;
      }
      return found;
    }, signal);
  }

  /** The facts of the snapshot the page shows, or CONFLICT `stale` when it shows an older one; rejects when closed. */
  current(epoch: number): KeyFacts {
    requireOpen(this.node.place.connection);
    const facts = this.last?.opened.facts;
    if (facts && epoch === this.epoch) return facts;
    throw new EngineError(
      'CONFLICT',
      'stale',
      t('What is shown is not up to date: refresh, and try again. Nothing was changed'),
    );
  }

  async read<T>(
    work: (reader: CacheReader, call: CallOptions) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const { connection, db } = this.node.place;
    return (await connection.read(db, work, signal)).value;
  }

  private place() {
    const { connection, db, namespace } = this.node.place;
    const { id, environment } = connection.profile;
    return { connectionId: id, environment, namespace: namespace?.name ?? `db ${db}` };
  }

  private dto(opened: OpenedValue, tookMs: number): ValueSnapshot {
    this.epoch++;
    const now = this.app.clock.now();
    this.last = { opened, atMs: now };
    const { facts, page, fieldTtl, readOnlyReason: reason } = opened;
    const view = this.app.viewPreferences.get(this.label);
    return {
      header: this.header(),
      epoch: this.epoch,
      loadedAtMs: now,
      tookMs,
      ...(facts && { facts: factsDto(facts, now) }),
      ...(page && { page: pageDto(page, now) }),
      ...(reason !== undefined && { readOnlyReason: reason }),
      ...(fieldTtl && { fieldTtl }),
      ...(this.undoLabel !== undefined && { undo: this.undoLabel }),
      ...(view !== undefined && { preferredView: view }),
    };
  }
}

function foundDto(step: SearchStep, now: number): FoundDto {
  const { examined, cursor } = step;
  const next = cursor === undefined ? {} : { cursor };
  if ('matches' in step) return { offsets: step.matches.map(({ offset }) => offset), examined, ...next };
  const page = step.page.rows.length === 0 ? {} : { page: pageDto(step.page, now) };
  return { offsets: [], examined, ...page, ...next };
}

function factsDto(
  { ttlMs, expireAtMs: told, ...facts }: KeyFacts,
  now: number,
): NonNullable<ValueSnapshot['facts']> {
  const expireAtMs = told ?? (ttlMs === undefined ? undefined : now + ttlMs);
  return { ...facts, ...(expireAtMs !== undefined && { expireAtMs: momentBody(expireAtMs) }) };
}

/** An element as a panel names it. */
export function elementRef(dto: ElementDto): ElementRef {
  return dto.kind === 'hash' ? { kind: 'hash', field: Buffer.from(dto.field, 'base64') } : dto;
}
