import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { changeOf } from '../../../src/protocol/draftChange';
import { draftKey, newKey } from '../../../src/protocol/draftKey';
import type { ElementDto, valueMethods, ValueSnapshot } from '../../../src/protocol/value';
import type { ChangeDto } from '../../../src/protocol/valueChange';
import type { GroupPageDto } from '../../../src/protocol/valuePage';
import { base64OfBytes, bytesOfBase64, sizeOfBase64 } from '../../app/bytes';
import { t } from '../../app/l10n';
import type { ParamsOf } from '../../../src/protocol/rpc';
import { besideProblem, type Draft, isDirty, nameOf } from './draft';
import { holdDrafts } from './holdDrafts';
import { Drafts, withFlags } from './drafts';
import { LiveRefresh } from './liveRefresh';
import { mergeSaved } from './mergeSaved';
import { type Append, Reading } from './reading';
import { Saver, type Send } from './saver';
import { Searching } from './searching';
import type { ValueRpc } from './valueRpc';
import { Viewing } from './viewing';

/** What the panel asks before it throws away unsaved edits. */
export type Question = { readonly kind: 'refresh' } | { readonly kind: 'revert'; readonly key: string };

/** Methods by which the host takes a value out or in. */
type Way =
  | 'value/copy'
  | 'value/copyText'
  | 'value/saveAs'
  | 'value/loadFile'
  | 'value/openDocument'
  | 'value/copyName';

interface ValueModelParts {
  readonly rpc: ValueRpc;
  readonly append: Append;
}

/** Everything the value panel shows and does; views only draw it. */
export class ValueModel {
  private readonly rpc: ValueRpc;

  readonly reading: Reading;
  readonly drafts = new Drafts();
  readonly saver = new Saver();
  readonly viewing: Viewing;
  readonly searching: Searching;
  readonly live: LiveRefresh;
  readonly question = signal<Question | undefined>(undefined);
  /** Key of the row shown beside a grid, or `newKey` while an element is added. */
  readonly chosen = signal<string | undefined>(undefined);
  /** Key of the last row that was chosen: where a new element may go before. */
  readonly lastRow = signal<string | undefined>(undefined);
  /** Key of the draft that the editor on screen edits: what Ctrl+S saves. */
  readonly shown = signal<string | undefined>(undefined);
  /** False when the host could not take the unsaved edits: they live only while the tab is in front. */
  readonly held = signal(true);
  /** The edits as the host knows them, and which of its own changes this page has seen. */
  private told: ReadonlyMap<string, Draft> = new Map();
  private revision = 0;
  /** Why the value cannot be edited; undefined when it can. */
  readonly readOnlyReason: ReadonlySignal<string | undefined> = computed(
    () => this.snapshot.value?.header.locked ?? this.snapshot.value?.readOnlyReason,
  );

  constructor({ rpc, append }: ValueModelParts) {
    this.rpc = rpc;
    this.reading = new Reading(rpc, append);
    this.viewing = new Viewing(rpc);
    this.searching = new Searching(
      (text, cursor, signal) =>
        rpc.call(
          'value/search',
          { epoch: this.reading.epoch, text, ...(cursor !== undefined && { cursor }) },
          { signal },
        ),
      append,
    );
    this.live = new LiveRefresh({
      reload: () => this.reading.repeat(),
      isIdle: () =>
        this.drafts.dirty.value.length === 0 && !this.saver.busy.value && !this.saver.trouble.value,
    });
    effect(() => {
      if (this.chosen.value !== newKey) this.lastRow.value = this.chosen.value;
    });
    effect(() => {
      this.viewing.restore(this.snapshot.value?.preferredView);
    });
  }

  get snapshot(): Reading['snapshot'] {
    return this.reading.snapshot;
  }

  get page(): Reading['page'] {
    return this.reading.page;
  }

  /** Listens to the host, reads the value and takes up the edits of the host, which owns them. */
  async begin(): Promise<void> {
    this.rpc.on('value/drafts', (held) => this.takeDrafts(held));
    this.rpc.on('value/trouble', (trouble) => this.saver.show(trouble));
    await this.catchUp();
  }

  /**
   * Takes up all that the host has to show, whenever something of it may have been missed: an answer to a page that is
   * hidden for a moment is lost, that of the beginning too.
   */
  async catchUp(): Promise<void> {
    // first, so that nothing can be typed over an edit that is on its way here
    if (await this.takeHeldDrafts())
      this.tellHost ??= holdDrafts(this.drafts.dirty, (drafts) => this.hold(drafts));
    await this.reading.loading.load();
  }

  /** Tells the host at once what was typed; there is none before the host's own edits are here. */
  tellHost: (() => void) | undefined;

  private async hold(drafts: Draft[]): Promise<void> {
    this.told = new Map(drafts.map((draft) => [draftKey(draft.target), draft]));
    this.held.value = await this.rpc.call('value/holdDrafts', { drafts, revision: this.revision }).then(
      () => true,
      () => false,
    );
  }

  private takeDrafts({
    drafts,
    revision,
  }: {
    readonly drafts: readonly Draft[];
    readonly revision: number;
  }): void {
    this.revision = revision;
    this.drafts.take(drafts, this.told);
    this.told = new Map(drafts.map((draft) => [draftKey(draft.target), draft]));
  }

  /** Reads again, after asking when edits would be lost. */
  refresh(): void {
    if (this.drafts.dirty.value.length > 0) this.question.value = { kind: 'refresh' };
    else void this.reload();
  }

  /** Reads again; unsaved edits and the loaded rows stay. */
  async reload(): Promise<void> {
    this.saver.clearTrouble();
    await this.reading.again();
    if (!this.reading.loading.failure.value) this.saver.forgetUnknown();
  }

  /** Shows the rows from here on: an index, a byte offset, the id of an entry. */
  async jump(cursor: string): Promise<void> {
    try {
      await this.reading.jump(cursor);
    } catch (thrown) {
      this.saver.report(thrown);
    }
  }

  /** Throws away edits the person agreed to lose. */
  discard(question: Question): void {
    this.question.value = undefined;
    if (question.kind === 'revert') return this.drop(question.key);
    this.drafts.clear();
    void this.reload();
  }

  /** Ends an edit, after asking when something would be lost. */
  revert(key: string): void {
    const dirty = this.drafts.dirty.value.some(({ target }) => draftKey(target) === key);
    if (dirty) this.question.value = { kind: 'revert', key };
    else this.drop(key);
  }

  private drop(key: string): void {
    this.drafts.remove(key);
    if (key === newKey && this.chosen.value === newKey) this.chosen.value = undefined;
  }

  /** Saves one edit. */
  save(key: string): void {
    const draft = this.drafts.get(key);
    if (draft && isDirty(draft) && !this.saver.busy.value) void this.saveDraft(draft);
  }

  /** Saves every edit, what is shown first; stops at the first that cannot be saved. */
  async saveAll(): Promise<void> {
    if (this.saver.busy.value) return;
    const isShown = (draft: Draft): boolean => draftKey(draft.target) === this.shown.value;
    const all = this.drafts.dirty.value;
    for (const draft of [...all.filter(isShown), ...all.filter((each) => !isShown(each))]) {
      await this.saveDraft(draft);
      if (this.saver.trouble.value || this.drafts.dirty.value.includes(draft)) return;
    }
  }

  /** Adds an element, an empty one too. */
  saveNew(draft: Draft): void {
    if (!this.saver.busy.value) void this.saveDraft(draft);
  }

  private async saveDraft(draft: Draft): Promise<void> {
    if (besideProblem(draft)) return;
    try {
      this.tellHost?.();
      const encoded = await this.viewing.encode(draft);
      if ('problem' in encoded) {
        this.saver.refuse(encoded.problem);
        return;
      }
      const name = nameOf(draft);
      if ('problem' in name) {
        this.saver.refuse(name.problem);
        return;
      }
      const change = changeOf(draft, encoded.after, name.name);
      await this.submit(change, draft, (snapshot) => {
        this.drafts.settle(draft, encoded.after, snapshot?.facts?.cas);
        this.follow(draft, change);
      });
    } catch (thrown) {
      this.saver.report(thrown);
    }
  }

  /** What was saved stays chosen, under its new name too. */
  private follow({ target }: Draft, change: ChangeDto): void {
    if (change.kind !== 'elements') return;
    const last = change.elements.edits.at(-1);
    if (last && 'field' in last) this.chosen.value = last.field;
    else if (last && 'member' in last) this.chosen.value = last.member;
    else if (
      target.kind === 'list' &&
      target.index === undefined &&
      last &&
      'index' in last &&
      last.index >= 0
    )
      this.chosen.value = String(last.index);
  }

  /** Writes a change that has no text of its own, such as taking elements away. */
  change(
    change: ChangeDto,
    draft?: Draft,
    onApplied: (snapshot: ValueSnapshot | undefined) => void = () => undefined,
  ): void {
    void this.submit(change, draft, onApplied);
  }

  private submit(
    change: ChangeDto,
    draft: Draft | undefined,
    onApplied: (snapshot: ValueSnapshot | undefined) => void,
  ): Promise<void> {
    return this.saver.run({
      identity: JSON.stringify(change),
      ...(draft && { draft }),
      send: (requestId, signal) =>
        this.rpc.call(
          'value/save',
          { ...this.stamp(requestId), change, ...(draft && { draft: draftKey(draft.target) }) },
          { signal },
        ),
      onApplied: (snapshot) => {
        onApplied(snapshot);
        if (change.kind === 'elements') this.drafts.follow(change);
        void this.showAfter(change, snapshot);
      },
    });
  }

  /** What was found is looked for again by the new snapshot, so it comes last. */
  private async showAfter(change: ChangeDto, snapshot: ValueSnapshot | undefined): Promise<void> {
    const merged = mergeSaved(this.page.value, snapshot?.page, change);
    if (!snapshot) await this.reload();
    else if (merged) this.reading.put(snapshot, merged);
    else this.reading.loading.put(snapshot);
    this.searching.follow(change);
  }

  /** Saves again over what the server holds now: the second, explicit act after a conflict. */
  overwrite(): void {
    const trouble = this.saver.trouble.value;
    if (trouble?.kind !== 'conflict' || !trouble.draft || trouble.conflict.current === undefined) return;
    const { current, cas } = trouble.conflict;
    const { target } = trouble.draft;
    const moved = target.kind === 'item' && cas !== undefined ? { ...target, cas } : target;
    const basis = { target: moved, before: current };
    // what was typed while the first save was under way is not part of what is saved, and stays
    const typed = this.drafts.get(draftKey(target)) ?? trouble.draft;
    this.drafts.put({ ...typed, ...basis });
    void this.saveDraft({ ...trouble.draft, ...basis });
  }

  /** Gives up the edit in conflict and shows what the server holds. */
  takeTheirs(): void {
    const trouble = this.saver.trouble.value;
    if (trouble?.kind === 'conflict' && trouble.draft) this.drop(draftKey(trouble.draft.target));
    void this.reload();
  }

  setTtl(seconds: number): void {
    this.act(`ttl ${seconds}`, (id, signal) =>
      this.rpc.call('value/setTtl', { ...this.stamp(id), seconds }, { signal }),
    );
  }

  removeTtl(): void {
    this.act('persist', (id, signal) => this.rpc.call('value/removeTtl', this.stamp(id), { signal }));
  }

  delete(): void {
    this.act('delete', (id, signal) => this.rpc.call('value/delete', this.stamp(id), { signal }));
  }

  /** Sets the client flags of a Memcached item; its value stays. */
  setFlags(flags: number): void {
    const page = this.page.value;
    const cas = this.snapshot.value?.facts?.cas;
    if (page?.kind !== 'bytes' || cas === undefined) return;
    if (sizeOfBase64(page.bytes) < page.total)
      return this.saver.refuse(
        t('Flags are written with the value, and this one is too long to be edited here.'),
      );
    const change = { kind: 'item', before: page.bytes, after: page.bytes, cas, flags } as const;
    this.change(change, undefined, (snapshot) => {
      const draft = this.drafts.get('value');
      const now = snapshot?.facts?.cas;
      if (draft && now !== undefined) this.drafts.put(withFlags(draft, flags, now));
    });
  }

  /** Takes away what a path of a JSON document holds, if it still holds what was seen. */
  removePath(path: string, seen: Uint8Array): void {
    this.change({ kind: 'json', path, before: base64OfBytes(seen) });
  }

  /** Takes the last change back. */
  undo(): void {
    this.act(`undo ${this.reading.epoch}`, (id, signal) =>
      this.rpc.call('value/undo', this.stamp(id), { signal }),
    );
  }

  /** Has the host take the value out or in, in dialogs of its own. */
  async useWay<W extends Way>(way: W, params: ParamsOf<(typeof valueMethods)[W]>): Promise<void> {
    try {
      await this.rpc.call(way, params);
    } catch (thrown) {
      this.saver.report(thrown);
    }
  }

  /** The whole of an element; undefined when it is gone. */
  async readElement(element: ElementDto, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const { bytes } = await this.rpc.call(
      'value/element',
      { epoch: this.reading.epoch, element },
      { signal },
    );
    return bytes === undefined ? undefined : bytesOfBase64(bytes);
  }

  /** Consumers and pending entries of a group of a stream; `group` is base64. */
  readGroup(group: string, cursor: string | undefined, signal: AbortSignal): Promise<GroupPageDto> {
    const params = { epoch: this.reading.epoch, group, ...(cursor !== undefined && { cursor }) };
    return this.rpc.call('value/group', params, { signal });
  }

  private act(identity: string, send: Send): void {
    const onApplied = (snapshot: ValueSnapshot | undefined): void => {
      if (snapshot) this.reading.loading.put(snapshot);
      else void this.reload();
    };
    void this.saver.run({ identity, send, onApplied });
  }

  /** False when they could not be had: what is typed then must not replace them at the host. */
  private async takeHeldDrafts(): Promise<boolean> {
    try {
      const { trouble, ...held } = await this.rpc.call('value/heldDrafts', {});
      this.takeDrafts(held);
      if (trouble) this.saver.show(trouble);
      return true;
    } catch {
      // The panel works without; the footer says that edits are not held.
      this.held.value = false;
      return false;
    }
  }

  private stamp(requestId: string): { readonly epoch: number; readonly requestId: string } {
    return { epoch: this.reading.epoch, requestId };
  }
}
