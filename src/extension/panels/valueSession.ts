import * as vscode from 'vscode';
import type { CacheReader, CallOptions } from '../../engine/connections/cacheProvider';
import type { ApplyOutcome, Change, TtlChange } from '../../engine/connections/change';
import type { KeyFacts } from '../../engine/connections/valuePage';
import { EngineError, toEngineError } from '../../engine/kernel/errors';
import { changeKey } from '../../engine/keys/changeKey';
import type { WriteRequest } from '../../engine/keys/guard';
import { keyLabel } from '../../engine/keys/keyLabel';
import { keyBytes } from '../../engine/kernel/keyName';
import { openValue, readRequest, type OpenedValue } from '../../engine/keys/openValue';
import type { ChangeDto, OutcomeDto, PageDto, ValueSnapshot } from '../../protocol/value';
import type { App } from '../app';
import { confirmDestructive } from '../commands/confirmWrite';
import { errorText, placeName } from '../messages';
import type { KeyNode } from '../trees/nodes';
import { pageDto } from './valueDto';

const t = vscode.l10n.t;

/** What a save, a TTL change and a delete carry: the snapshot they are based on and their own id. */
interface Stamp {
  readonly epoch: number;
  readonly requestId: string;
}

/**
 * One key behind its panel. `epoch` counts the snapshots given out: an act based on an older one is refused as
 * stale. Never connects by itself: a panel brought back with the window waits until the person connects.
 */
export class ValueSession {
  private epoch = 0;
  private facts: KeyFacts | undefined;
  private readonly bytes: Buffer;

  constructor(
    private readonly app: App,
    readonly node: KeyNode,
  ) {
    this.bytes = keyBytes(node.key);
  }

  /** Reads the key anew. */
  async snapshot(signal?: AbortSignal): Promise<ValueSnapshot> {
    const { connection, db } = this.node.place;
    if (!connection.isOpen) {
      const message = t('{0} is not connected: connect it in the Cachify view', connection.profile.name);
      throw new EngineError('CONNECTION_FAILED', 'dropped', message, { retryable: true });
    }
    const start = this.app.clock.monotonic();
    const opened = await this.app.recorder.during(
      { ...this.place(), action: 'value.read', keyOrPattern: keyLabel(this.node.key) },
      async () =>
        (await connection.read(db, (reader, call) => openValue(reader, this.bytes, call), signal)).value,
    );
    return this.dto(opened, this.app.clock.monotonic() - start);
  }

  header(): ValueSnapshot['header'] {
    const { connection } = this.node.place;
    const { profile, health } = connection;
    const lock = this.app.gate.lock(connection);
    return {
      keyLabel: keyLabel(this.node.key),
      connectionName: profile.name,
      environment: profile.environment,
      engine: profile.engine,
      place: placeName(this.node.place),
      state: health.state,
      ...(lock && { locked: errorText(lock) }),
    };
  }

  async page(epoch: number, cursor: string, signal: AbortSignal): Promise<PageDto> {
    const facts = this.current(epoch);
    const request = readRequest(facts, cursor);
    return pageDto(await this.read((reader, call) => reader.read(this.bytes, request, call), signal));
  }

  async element(epoch: number, field: string, signal: AbortSignal): Promise<{ bytes?: string }> {
    this.current(epoch);
    const element = { kind: 'hash', field: Buffer.from(field, 'base64') } as const;
    const bytes = await this.read((reader, call) => reader.readElement(this.bytes, element, call), signal);
    return bytes ? { bytes: bytes.toString('base64') } : {};
  }

  save(stamp: Stamp, change: ChangeDto): Promise<OutcomeDto> {
    this.current(stamp.epoch);
    return this.submit(stamp, 'value.save', this.change(change));
  }

  setTtl(stamp: Stamp, ttl: TtlChange): Promise<OutcomeDto> {
    this.current(stamp.epoch);
    const action = ttl.mode === 'remove' ? 'key.removeTtl' : 'key.setTtl';
    return this.submit(stamp, action, { kind: 'ttl', key: this.bytes, ttl });
  }

  /** Asks in the editor's own dialog, then deletes. */
  async remove(stamp: Stamp): Promise<OutcomeDto> {
    this.current(stamp.epoch);
    const { connection, db } = this.node.place;
    const confirmation = await confirmDestructive(this.app, {
      connection,
      question: t('Delete the key {0}', keyLabel(this.node.key).slice(0, 200)),
      detail: t('This cannot be undone.'),
      action: t('Delete Key'),
    });
    if (!confirmation) return { status: 'dismissed' };
    const request = { ...this.request(stamp, 'key.delete', true), ...confirmation };
    const outcome = await this.app.gate.run(request, ({ provider, permit }) =>
      provider.remove([this.bytes], permit, connection.call()),
    );
    const [result] = outcome.outcomes;
    if (result === 'failed' && outcome.error) throw outcome.error;
    if (result === 'unknown') return { status: 'unknown', message: unknownText() };
    this.app.places.note(connection, db, this.node.key, false);
    return this.applied();
  }

  private async submit(stamp: Stamp, action: string, change: Change): Promise<OutcomeDto> {
    const outcome = await changeKey(this.app.gate, this.request(stamp, action, false), change);
    return this.outcome(outcome);
  }

  private async outcome(outcome: ApplyOutcome): Promise<OutcomeDto> {
    if (outcome.status === 'applied') return this.applied();
    if (outcome.status === 'unknown') return { status: 'unknown', message: unknownText() };
    const { reason, current, cas } = outcome.conflict;
    return {
      status: 'conflict',
      reason,
      ...(current && { current: current.toString('base64') }),
      ...(cas !== undefined && { cas }),
    };
  }

  /** The change is made, whether or not the key can be read again now. */
  private async applied(): Promise<OutcomeDto> {
    try {
      return { status: 'applied', snapshot: await this.snapshot() };
    } catch (thrown) {
      this.app.log.warn('A key could not be read again after a change', {
        reason: toEngineError(thrown).reason,
      });
      return { status: 'applied' };
    }
  }

  private change(dto: ChangeDto): Change {
    const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');
    const key = this.bytes;
    const after = bytes(dto.after);
    switch (dto.kind) {
      case 'string':
        return { kind: 'string.set', key, before: bytes(dto.before), after, ttl: { mode: 'keep' } };
      case 'hash': {
        const before = dto.before === undefined ? undefined : bytes(dto.before);
        return { kind: 'hash.set', key, field: bytes(dto.field), before, after };
      }
      case 'item': {
        const { cas, flags } = dto;
        return { kind: 'item.set', key, before: bytes(dto.before), after, cas, flags, ttl: { mode: 'keep' } };
      }
    }
  }

  private request(stamp: Stamp, action: string, destructive: boolean): WriteRequest {
    const { connection, db, namespace } = this.node.place;
    return {
      requestId: stamp.requestId,
      connectionId: connection.profile.id,
      db,
      ...(namespace && { namespace: namespace.name }),
      action,
      target: keyLabel(this.node.key),
      destructive,
    };
  }

  private place() {
    const { connection, db, namespace } = this.node.place;
    const { id, environment } = connection.profile;
    return { connectionId: id, environment, namespace: namespace?.name ?? `db ${db}` };
  }

  /** The facts of the snapshot the page shows, or CONFLICT `stale` when it shows an older one. */
  private current(epoch: number): KeyFacts {
    if (this.facts && epoch === this.epoch) return this.facts;
    throw new EngineError(
      'CONFLICT',
      'stale',
      t('What is shown is not up to date: refresh, and try again. Nothing was changed'),
    );
  }

  private async read<T>(
    work: (reader: CacheReader, call: CallOptions) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const { connection, db } = this.node.place;
    return (await connection.read(db, work, signal)).value;
  }

  private dto(opened: OpenedValue, tookMs: number): ValueSnapshot {
    this.epoch++;
    this.facts = opened.facts;
    const { facts, page, readOnlyReason: reason } = opened;
    return {
      header: this.header(),
      epoch: this.epoch,
      loadedAtMs: this.app.clock.now(),
      tookMs,
      ...(facts && { facts: this.factsDto(facts) }),
      ...(page && { page: pageDto(page) }),
      ...(reason !== undefined && { readOnlyReason: reason }),
    };
  }

  private factsDto({ ttlMs, ...facts }: KeyFacts): NonNullable<ValueSnapshot['facts']> {
    return { ...facts, ...(ttlMs !== undefined && { expireAtMs: this.app.clock.now() + ttlMs }) };
  }
}

function unknownText(): string {
  return t(
    'The reply of the server was lost, so the change may or may not have happened. Read again to see.',
  );
}
