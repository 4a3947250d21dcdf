import * as vscode from 'vscode';
import type { ApplyOutcome, Change } from '../../engine/connections/change';
import type { TtlChange } from '../../engine/connections/ttlChange';
import type { KeyFacts } from '../../engine/connections/valuePage';
import type { Moment } from '../../engine/kernel/moment';
import { toEngineError } from '../../engine/kernel/errors';
import { changeKey } from '../../engine/keys/changeKey';
import type { WriteRequest } from '../../engine/keys/guard';
import type { OutcomeDto, ValueSnapshot } from '../../protocol/value';
import type { ChangeDto } from '../../protocol/valueChange';
import { type Confirmation, confirmDestructive } from '../commands/confirmWrite';
import { requireOpen } from '../documents/documentPlace';
import { inform } from '../prompts';
import { actNotice } from './actNotice';
import { changeOfDto } from './changeOfDto';
import { removalQuestion } from './removalQuestion';
import type { ValueSession } from './valueSession';
import { type Undoable, undoOf } from './valueUndo';
import { wholeEdits } from './wholeEdits';

const t = vscode.l10n.t;

/** What every act of a panel carries: the snapshot it is based on and its own id. */
export interface Stamp {
  readonly epoch: number;
  readonly requestId: string;
}

/** Changes one key for its panel, and remembers how to take the last change back. */
export class ValueActs {
  private undoable: Undoable | undefined;

  constructor(private readonly session: ValueSession) {}

  /** Saves a change; one that takes something away is confirmed first. */
  async save(stamp: Stamp, dto: ChangeDto): Promise<OutcomeDto> {
    const { session } = this;
    session.current(stamp.epoch);
    const whole = await wholeEdits(dto, (element) => session.element(element));
    if (!whole) return { status: 'conflict', reason: 'changed' };
    const change = changeOfDto(session.key, whole, session.app.clock.now());
    const removal = removalQuestion(change, session.label.slice(0, 200));
    const confirmation =
      removal && (await confirmDestructive(session.app, { connection: this.connection, ...removal }));
    if (removal && !confirmation) return { status: 'dismissed' };
    return this.submit(stamp, removal ? 'value.delete' : 'value.save', change, confirmation);
  }

  setTtl(stamp: Stamp, ttl: TtlChange): Promise<OutcomeDto> {
    this.session.current(stamp.epoch);
    const action = ttl.mode === 'remove' ? 'key.removeTtl' : 'key.setTtl';
    const { key, seen } = this.session;
    return this.submit(stamp, action, { kind: 'ttl', key, ttl, ...seenExpiry(seen?.opened.facts) });
  }

  /** Takes the last change back, as long as what it wrote is still there. */
  async undo(stamp: Stamp): Promise<OutcomeDto> {
    const { undoable } = this;
    if (!undoable) return { status: 'conflict', reason: 'changed' };
    requireOpen(this.connection);
    const outcome = await changeKey(
      this.session.app.gate,
      this.request(stamp, 'value.undo', undefined),
      undoable.change,
    );
    if (outcome.status === 'unknown') return { status: 'unknown', message: unknownText() };
    // what it would give back may be nowhere else: it can be tried again when the way is clear
    if (outcome.status === 'conflict') return conflictDto(outcome);
    this.remember(undefined);
    return this.applied();
  }

  /** Asks in the editor's own dialog, then deletes the key. */
  async remove(stamp: Stamp): Promise<OutcomeDto> {
    const { session } = this;
    session.current(stamp.epoch);
    const confirmation = await confirmDestructive(session.app, {
      connection: this.connection,
      question: t('Delete the key {0}', session.label.slice(0, 200)),
      detail: t('This cannot be undone.'),
      action: t('Delete Key'),
    });
    if (!confirmation) return { status: 'dismissed' };
    const { outcomes, error } = await session.app.gate.run(
      this.request(stamp, 'key.delete', confirmation),
      ({ provider, permit }) => provider.remove([session.key], permit, this.connection.call()),
    );
    const [result] = outcomes;
    if (result === 'failed' && error) throw error;
    if (result === 'unknown') return { status: 'unknown', message: unknownText() };
    this.remember(undefined);
    this.tellTree(false);
    return this.applied();
  }

  private get connection() {
    return this.session.node.place.connection;
  }

  private async submit(
    stamp: Stamp,
    action: string,
    change: Change,
    confirmation?: Confirmation,
  ): Promise<OutcomeDto> {
    const before = this.session.seen;
    const outcome = await changeKey(this.session.app.gate, this.request(stamp, action, confirmation), change);
    if (outcome.status === 'unknown') return { status: 'unknown', message: unknownText() };
    if (outcome.status === 'conflict') return conflictDto(outcome);
    const notice = actNotice(change, outcome);
    if (notice !== undefined) inform(notice);
    this.remember(undefined);
    const snapshot = await this.readAgain();
    const after = snapshot && this.session.seen?.opened;
    if (before)
      this.remember(undoOf(change, outcome, { before: before.opened, after, seenAtMs: before.atMs }));
    return this.appliedWith(snapshot);
  }

  private async applied(): Promise<OutcomeDto> {
    return this.appliedWith(await this.readAgain());
  }

  private appliedWith(snapshot: ValueSnapshot | undefined): OutcomeDto {
    const { undoLabel: undo } = this.session;
    return { status: 'applied', ...(snapshot && { snapshot: { ...snapshot, undo } }) };
  }

  /** The change is made, whether or not the key can be read again now. */
  private async readAgain(): Promise<ValueSnapshot | undefined> {
    const existed = this.session.seen?.opened.facts !== undefined;
    try {
      const snapshot = await this.session.snapshot();
      const exists = snapshot.facts !== undefined;
      if (exists !== existed) this.tellTree(exists);
      return snapshot;
    } catch (thrown) {
      const { reason } = toEngineError(thrown);
      this.session.app.log.warn('A key could not be read again after a change', { reason });
      return undefined;
    }
  }

  /** The last element took the key along, or an undo brought it back. */
  private tellTree(exists: boolean): void {
    const { app, node } = this.session;
    app.places.note(this.connection, node.place.db, node.key, exists);
    app.tree.refreshSoon(node.place);
  }

  private remember(undoable: Undoable | undefined): void {
    this.undoable = undoable;
    this.session.undoLabel = undoable?.label;
  }

  private request(stamp: Stamp, action: string, confirmation: Confirmation | undefined): WriteRequest {
    const { connection, db, namespace } = this.session.node.place;
    return {
      requestId: stamp.requestId,
      connectionId: connection.profile.id,
      db,
      ...(namespace && { namespace: namespace.name }),
      action,
      target: this.session.label,
      destructive: confirmation !== undefined,
      ...confirmation,
    };
  }
}

/** What must still be so when a time to live is changed; nothing where the server does not tell moments. */
function seenExpiry(facts: KeyFacts | undefined): { readonly before?: { expireAtMs: Moment | undefined } } {
  if (!facts || facts.type === 'item' || facts.hiddenTtl !== undefined) return {};
  if (facts.expireAtMs === undefined && facts.ttlMs !== undefined) return {};
  return { before: { expireAtMs: facts.expireAtMs } };
}

function conflictDto({ conflict }: Extract<ApplyOutcome, { status: 'conflict' }>): OutcomeDto {
  const { current, ...rest } = conflict;
  return { status: 'conflict', ...rest, ...(current && { current: current.toString('base64') }) };
}

function unknownText(): string {
  return t(
    'The reply of the server was lost, so the change may or may not have happened. Read again to see.',
  );
}
