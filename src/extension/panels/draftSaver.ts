import { EngineError } from '../../engine/kernel/errors';
import { draftKey } from '../../protocol/draftKey';
import type { OutcomeDto } from '../../protocol/value';
import type { ChangeDto, DraftDto } from '../../protocol/valueChange';
import { changeOfDraft, savedBy } from './draftChanges';
import type { HeldDrafts } from './heldDrafts';
import type { Stamp, ValueActs } from './valueActs';
import type { ValueDecoding } from './valueDecoding';
import type { ValueSession } from './valueSession';

/** A save that a page, or the editor, asks for. */
export interface SaveRequest extends Stamp {
  readonly change: ChangeDto;
  /** Key of the draft that the change is of; it ends when the change is applied. */
  readonly draft?: string | undefined;
}

interface DraftSaverParts {
  readonly session: ValueSession;
  readonly acts: Pick<ValueActs, 'save'>;
  readonly held: HeldDrafts;
  readonly decoding: Pick<ValueDecoding, 'encode'>;
  /** Which drafts are on their way, or their drafts have ended: whoever shows or keeps them has to know. */
  readonly onChange: () => void;
}

/**
 * Saves the unsaved edits of one value, whichever page asked and whether it is still there. The ids of what was sent
 * are kept here: a change that is on its way is joined, and one whose end is not known is sent again under its id.
 */
export class DraftSaver {
  private readonly running = new Map<
    string,
    { readonly outcome: Promise<OutcomeDto>; readonly key?: string }
  >();
  private readonly unsure = new Map<string, string>();

  constructor(private readonly parts: DraftSaverParts) {}

  /** The drafts that are on their way to the server. */
  get sending(): readonly DraftDto[] {
    return [...this.running.values()].flatMap(({ key }) => this.parts.held.get(key ?? '') ?? []);
  }

  /** The person looked at the value again: a change whose end was not known is another one from here on. */
  forgetUnsure(): void {
    this.unsure.clear();
  }

  save(request: SaveRequest): Promise<OutcomeDto> {
    const identity = JSON.stringify(request.change);
    const running = this.running.get(identity);
    if (running) return running.outcome;
    const outcome = this.submit(identity, request).finally(() => {
      this.running.delete(identity);
      this.parts.onChange();
    });
    this.running.set(identity, { outcome, ...(request.draft !== undefined && { key: request.draft }) });
    this.parts.onChange();
    return outcome;
  }

  /** Saves one draft as the editor asks, with or without a page. */
  async saveDraft(draft: DraftDto): Promise<OutcomeDto> {
    const { session, decoding } = this.parts;
    const epoch = await session.seenEpoch();
    if (epoch === undefined) return { status: 'conflict', reason: 'gone' };
    const change = await changeOfDraft(draft, decoding);
    return this.save({ epoch, requestId: session.app.random.id(), change, draft: draftKey(draft.target) });
  }

  private async submit(identity: string, { change, draft, ...stamp }: SaveRequest): Promise<OutcomeDto> {
    const requestId = this.unsure.get(identity) ?? stamp.requestId;
    this.unsure.set(identity, requestId);
    const sent = this.parts.held.get(draft ?? '');
    try {
      const outcome = await this.parts.acts.save({ ...stamp, requestId }, change);
      if (outcome.status !== 'unknown') this.unsure.delete(identity);
      if (outcome.status === 'applied') this.end(change, sent, outcome.snapshot?.facts?.cas);
      return outcome;
    } catch (thrown) {
      // the host knows how it ended: as nothing
      if (thrown instanceof EngineError) this.unsure.delete(identity);
      throw thrown;
    }
  }

  private end(change: ChangeDto, draft: DraftDto | undefined, cas: string | undefined): void {
    const { held } = this.parts;
    if (draft) held.applied(change, draft, savedBy(change, draft, cas));
    else held.applied(change);
  }
}
