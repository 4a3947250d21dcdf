import * as vscode from 'vscode';
import { toEngineError } from '../../engine/kernel/errors';
import type { OutcomeDto, TroubleDto, valueEvents } from '../../protocol/value';
import type { DraftDto } from '../../protocol/valueChange';
import { errorText } from '../messages';
import { plainError } from '../plainText';
import { type DraftBackup, writeBackup } from './draftBackup';
import { DraftSaver, type SaveRequest } from './draftSaver';
import { type DraftStep, HeldDrafts } from './heldDrafts';
import type { Panel } from './panel';
import { type Refused, type Stop, unsavedText } from './unsavedText';
import { ValueActs } from './valueActs';
import { ValueDecoding } from './valueDecoding';
import type { ValueSession } from './valueSession';

const t = vscode.l10n.t;

type ValuePage = Pick<Panel<typeof valueEvents>, 'emit'>;

/**
 * One value that is open, and its unsaved edits: they belong to the document, pages only show them. A page that is
 * hidden or replaced takes nothing with it, least of all a save that is on its way.
 */
export class ValueDocument implements vscode.CustomDocument {
  private readonly edits = new vscode.EventEmitter<readonly DraftStep[]>();
  private readonly ends = new vscode.EventEmitter<void>();
  private readonly closings = new vscode.EventEmitter<void>();
  private readonly held: HeldDrafts;
  private readonly saver: DraftSaver;
  private readonly pages = new Set<ValuePage>();
  private trouble: TroubleDto | undefined;
  /** Where the editor keeps a copy; a save makes it out of date at once, and not at the editor's next turn. */
  private backup: vscode.Uri | undefined;
  private writing: Promise<void> = Promise.resolve();
  readonly acts: ValueActs;
  readonly decoding: ValueDecoding;
  /** The person changed an edit: the editor counts it as a step of undo. */
  readonly onEdit = this.edits.event;
  /** Edits ended, or came back, otherwise than by a person's typing. */
  readonly onEnd = this.ends.event;
  readonly onDispose = this.closings.event;

  constructor(
    readonly uri: vscode.Uri,
    readonly session: ValueSession,
    restored?: { readonly from: vscode.Uri; readonly content: DraftBackup },
  ) {
    this.held = new HeldDrafts(restored?.content.drafts);
    this.acts = new ValueActs(session);
    this.decoding = new ValueDecoding(session.app.views);
    const onChange = (): void => this.changed();
    this.saver = new DraftSaver({
      session,
      acts: this.acts,
      held: this.held,
      decoding: this.decoding,
      onChange,
    });
    this.backup = restored?.from;
    const [sending] = restored?.content.sending ?? [];
    if (sending) this.trouble = { draft: sending, outcome: { status: 'unknown', message: closedText() } };
  }

  get isDirty(): boolean {
    return !this.held.isEmpty;
  }

  /** What a page that begins has to show. */
  get state(): { drafts: DraftDto[]; revision: number; trouble?: TroubleDto } {
    const { trouble } = this;
    return { drafts: this.held.drafts, revision: this.held.revision, ...(trouble && { trouble }) };
  }

  /** Tells this page what changes, until it is disposed. */
  attach(page: ValuePage): vscode.Disposable {
    this.pages.add(page);
    return new vscode.Disposable(() => this.pages.delete(page));
  }

  /** Takes the edits as a page has them. */
  hold(drafts: readonly DraftDto[], revision: number): void {
    const steps = this.held.hold(drafts, revision);
    if (steps.length === 0) return;
    this.trouble = undefined;
    this.edits.fire(steps);
  }

  /** The change of an edit, taken back and made again. */
  undo(steps: readonly DraftStep[]): void {
    this.held.undo(steps);
    this.changed();
  }

  redo(steps: readonly DraftStep[]): void {
    this.held.redo(steps);
    this.changed();
  }

  /** Counts the edits that there are as one more step: the editor took them for saved. */
  announce(): void {
    this.edits.fire([]);
  }

  /** Gives up all edits. */
  revert(): void {
    this.held.clear();
    this.changed();
  }

  /** Saves a change of a page. */
  async save(request: SaveRequest): Promise<OutcomeDto> {
    return this.saver.save(request);
  }

  /** Saves every edit; rejects with the words for the first that could not be saved, and keeps it and the rest. */
  async saveAll(): Promise<void> {
    this.trouble = undefined;
    for (const draft of this.held.drafts) {
      const outcome = await this.saver.saveDraft(draft).catch((thrown: unknown) => refused(thrown));
      if (outcome.status === 'applied') this.tell(outcome);
      else throw this.stopped(draft, outcome);
    }
  }

  /** The person looked at the value again. */
  lookedAgain(): void {
    this.trouble = undefined;
    this.saver.forgetUnsure();
  }

  /** Writes the edits to where the editor wants them. */
  async backUp(to: vscode.Uri): Promise<void> {
    this.backup = to;
    await this.rewrite();
  }

  /** The editor needs that backup no more. */
  forgetBackup(uri: vscode.Uri): void {
    if (this.backup?.toString() === uri.toString()) this.backup = undefined;
  }

  /** Sends an event to every page of this value. */
  readonly emit: ValuePage['emit'] = (name, data) => {
    for (const page of this.pages) page.emit(name, data);
  };

  dispose(): void {
    this.closings.fire();
    for (const emitter of [this.edits, this.ends, this.closings]) emitter.dispose();
    this.pages.clear();
  }

  private tell({ snapshot }: Extract<OutcomeDto, { status: 'applied' }>): void {
    if (snapshot) this.emit('value/snapshot', snapshot);
  }

  private stopped(draft: DraftDto, outcome: Stop): Error {
    if (outcome.status !== 'dismissed') {
      this.trouble = { draft, outcome };
      this.emit('value/trouble', this.trouble);
    }
    return plainError(unsavedText(this.session.label, outcome));
  }

  private changed(): void {
    const { drafts, revision } = this.state;
    this.emit('value/drafts', { drafts, revision });
    if (this.backup) void this.rewrite();
    this.ends.fire();
  }

  /** One after another: the last to be written is the newest. */
  private rewrite(): Promise<void> {
    this.writing = this.writing.then(async () => {
      const { backup } = this;
      if (backup) await writeBackup(backup, { drafts: this.held.drafts, sending: this.saver.sending });
    });
    const done = this.writing;
    this.writing = done.catch((thrown: unknown) => {
      this.session.app.log.warn('A backup could not be written', { reason: toEngineError(thrown).reason });
    });
    return done;
  }
}

function refused(thrown: unknown): Refused {
  return { status: 'refused', message: errorText(toEngineError(thrown)) };
}

function closedText(): string {
  return t(
    'A change was being saved when the window closed: it may have been made or not. Look at the value before you save it again.',
  );
}
