import { type ReadonlySignal, signal } from '@preact/signals';
import type { OutcomeDto, TroubleDto, ValueSnapshot } from '../../../src/protocol/value';
import { type Failure, isCancelled, RpcFailure, toFailure } from '../../app/failure';
import { t } from '../../app/l10n';
import type { Draft } from './draft';

export type Conflict = Extract<OutcomeDto, { status: 'conflict' }>;

/** What came of the last act, when the person has to know or decide; see `Saver`. */
export type Trouble =
  | { readonly kind: 'conflict'; readonly conflict: Conflict; readonly draft: Draft | undefined }
  | { readonly kind: 'unknown'; readonly message: string }
  /** Nothing was sent: the edit itself is at fault. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Sends one act to the host under a request id. */
export type Send = (requestId: string, signal: AbortSignal) => Promise<OutcomeDto>;

/** The last act whose end is not certain. */
interface Attempt {
  readonly identity: string;
  readonly requestId: string;
  /** The host itself does not know how it ended. */
  readonly isUnknown?: boolean;
}

interface Act {
  /** Equal for the same act sent again. */
  readonly identity: string;
  readonly send: Send;
  readonly onApplied: (snapshot: ValueSnapshot | undefined) => void;
  readonly draft?: Draft;
}

/**
 * Runs writes one at a time. States: idle; busy (a second act is ignored: a double click sends once);
 * idle with trouble. A write whose answer was lost keeps its request id, so the same write sent again is applied once.
 */
export class Saver {
  private readonly busySignal = signal(false);
  private readonly troubleSignal = signal<Trouble | undefined>(undefined);
  private attempt: Attempt | undefined;
  private controller: AbortController | undefined;

  readonly busy: ReadonlySignal<boolean> = this.busySignal;
  readonly trouble: ReadonlySignal<Trouble | undefined> = this.troubleSignal;

  /** Runs the act unless one is running. */
  async run(act: Act): Promise<void> {
    if (this.controller) return;
    const { requestId } = (this.attempt = this.attemptFor(act.identity));
    this.controller = new AbortController();
    this.busySignal.value = true;
    this.troubleSignal.value = undefined;
    try {
      this.settle(act, await act.send(requestId, this.controller.signal));
    } catch (thrown) {
      if (!mayHaveHappened(thrown)) this.attempt = undefined;
      this.troubleSignal.value = troubleOf(thrown);
    } finally {
      this.controller = undefined;
      this.busySignal.value = false;
    }
  }

  /** Gives up waiting; the host stops the write when it still can. */
  cancel(): void {
    this.controller?.abort();
  }

  /** What was typed cannot be sent. */
  refuse(message: string): void {
    this.troubleSignal.value = { kind: 'refused', message };
  }

  /** What came of a save that the editor asked for. */
  show({ draft, outcome }: TroubleDto): void {
    this.troubleSignal.value =
      outcome.status === 'conflict'
        ? { kind: 'conflict', conflict: outcome, draft }
        : { kind: outcome.status, message: outcome.message };
  }

  /** Something else failed that the person should know. */
  report(thrown: unknown): void {
    this.troubleSignal.value = troubleOf(thrown);
  }

  /** The person has seen it, or chose what to do. */
  clearTrouble(): void {
    this.troubleSignal.value = undefined;
  }

  /** The value was read after the host could not tell how an act ended: the same act is a new one from here on. */
  forgetUnknown(): void {
    if (this.attempt?.isUnknown) this.attempt = undefined;
  }

  private attemptFor(identity: string): Attempt {
    if (this.attempt?.identity === identity) return this.attempt;
    return { identity, requestId: crypto.randomUUID() };
  }

  private settle(act: Act, outcome: OutcomeDto): void {
    if (outcome.status !== 'unknown') this.attempt = undefined;
    else if (this.attempt) this.attempt = { ...this.attempt, isUnknown: true };
    if (outcome.status === 'applied') act.onApplied(outcome.snapshot);
    if (outcome.status === 'unknown')
      this.troubleSignal.value = { kind: 'unknown', message: outcome.message };
    if (outcome.status === 'conflict') {
      this.troubleSignal.value = { kind: 'conflict', conflict: outcome, draft: act.draft };
    }
  }
}

function troubleOf(thrown: unknown): Trouble {
  if (!isCancelled(thrown)) return { kind: 'failed', failure: toFailure(thrown) };
  return { kind: 'unknown', message: t('You stopped waiting: the change may have been made or not.') };
}

/** A failure that the host answers with is certain; a lost answer or a cancelled wait is not. */
function mayHaveHappened(thrown: unknown): boolean {
  return isCancelled(thrown) || (thrown instanceof RpcFailure && thrown.failure.correlationId === '');
}
