import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { PageDto, valueEvents, valueMethods, ValueSnapshot } from '../../../src/protocol/value';
import { bytesOfBase64 } from '../../app/bytes';
import { t } from '../../app/l10n';
import { createResource, type Resource } from '../../app/resource';
import type { Rpc } from '../../app/rpc';
import { changeOf, type Draft, draftKey, type Form } from './draft';
import { Drafts } from './drafts';
import { mergeSaved } from './mergeSaved';
import { Saver, type Send } from './saver';

export type ValueRpc = Rpc<typeof valueMethods, typeof valueEvents>;
export type View = Form | 'json';

/** What the panel asks before it throws away unsaved edits. */
export type Question = { readonly kind: 'refresh' } | { readonly kind: 'revert'; readonly key: string };

interface ValueModelParts {
  readonly rpc: ValueRpc;
  /** Joins a page with what was loaded before it. */
  readonly append: (loaded: PageDto, next: PageDto) => PageDto;
  readonly view: View;
}

/** Milliseconds without typing after which the host is given the unsaved edits to hold. */
const holdAfter = 400;

/** Everything the value panel shows and does; views only draw it. */
export class ValueModel {
  private readonly snapshotSignal = signal<ValueSnapshot | undefined>(undefined);
  private readonly pageSignal = signal<PageDto | undefined>(undefined);
  private readonly rpc: ValueRpc;

  readonly snapshot: ReadonlySignal<ValueSnapshot | undefined> = this.snapshotSignal;
  readonly page: ReadonlySignal<PageDto | undefined> = this.pageSignal;
  readonly loading: Resource<ValueSnapshot>;
  readonly more: Resource<PageDto>;
  readonly drafts = new Drafts();
  readonly saver = new Saver();
  readonly question = signal<Question | undefined>(undefined);
  /** Key of the row shown beside a grid, or `new` while a field is added. */
  readonly chosen = signal<string | undefined>(undefined);
  /** Key of the draft that the editor on screen edits: what Ctrl+S saves. */
  readonly shown = signal<string | undefined>(undefined);
  readonly view = signal<View>('text');
  /** False when the host could not take the unsaved edits: they live only while the tab is in front. */
  readonly held = signal(true);
  /** Why the value cannot be edited; undefined when it can. */
  readonly readOnlyReason: ReadonlySignal<string | undefined> = computed(
    () => this.snapshotSignal.value?.header.locked ?? this.snapshotSignal.value?.readOnlyReason,
  );

  constructor({ rpc, append, view }: ValueModelParts) {
    this.rpc = rpc;
    this.view.value = view;
    this.loading = createResource((abort) => rpc.call('value/load', {}, { signal: abort }));
    this.more = createResource(async (abort) => this.readMore(append, abort));
    rpc.on('value/header', (header) => {
      const snapshot = this.snapshotSignal.value;
      if (snapshot) this.snapshotSignal.value = { ...snapshot, header };
    });
    rpc.on('value/snapshot', (snapshot) => this.loading.put(snapshot));
    effect(() => {
      if (this.loading.data.value) this.take(this.loading.data.value);
    });
  }

  /** Reads the value and takes back the edits held by the host. */
  async start(): Promise<void> {
    await Promise.all([this.loading.load(), this.takeHeldDrafts()]);
    this.holdDrafts();
  }

  /** Reads again, after asking when edits would be lost. */
  refresh(): void {
    if (this.drafts.dirty.value.length > 0) this.question.value = { kind: 'refresh' };
    else void this.reload();
  }

  /** Reads again; unsaved edits stay. */
  reload(): Promise<void> {
    this.saver.clearTrouble();
    return this.loading.load();
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
    const dirty = this.drafts.dirty.value.some((draft) => draftKey(draft) === key);
    if (dirty) this.question.value = { kind: 'revert', key };
    else this.drop(key);
  }

  private drop(key: string): void {
    this.drafts.remove(key);
    if (key === 'new' && this.chosen.value === 'new') this.chosen.value = undefined;
  }

  /** Saves one edit. */
  save(key: string): void {
    const draft = this.drafts.get(key);
    const wanted = draft && changeOf(draft);
    if (!wanted || !('change' in wanted)) return;
    const { change } = wanted;
    this.write({
      identity: JSON.stringify(change),
      draft,
      send: (requestId, abort) =>
        this.rpc.call('value/save', { ...this.stamp(requestId), change }, { signal: abort }),
      onApplied: (snapshot) => {
        this.drafts.settle(draft, change.after, snapshot?.facts?.cas);
        if (!snapshot) return void this.reload();
        this.snapshotSignal.value = snapshot;
        this.pageSignal.value = mergeSaved(this.pageSignal.value, snapshot.page, change);
        if (change.kind === 'hash') this.chosen.value = change.field;
      },
    });
  }

  /** Saves again over what the server holds now: the second, explicit act after a conflict. */
  overwrite(): void {
    const trouble = this.saver.trouble.value;
    if (trouble?.kind !== 'conflict' || !trouble.draft || trouble.conflict.current === undefined) return;
    const { current, cas } = trouble.conflict;
    const draft: Draft = { ...trouble.draft, before: current, ...(cas === undefined ? {} : { cas }) };
    this.drafts.put(draft);
    this.save(draftKey(draft));
  }

  /** Gives up the edit in conflict and shows what the server holds. */
  takeTheirs(): void {
    const trouble = this.saver.trouble.value;
    if (trouble?.kind === 'conflict' && trouble.draft) this.drop(draftKey(trouble.draft));
    void this.reload();
  }

  setTtl(seconds: number): void {
    this.act(`ttl ${seconds}`, (id, abort) =>
      this.rpc.call('value/setTtl', { ...this.stamp(id), seconds }, { signal: abort }),
    );
  }

  removeTtl(): void {
    this.act('persist', (id, abort) => this.rpc.call('value/removeTtl', this.stamp(id), { signal: abort }));
  }

  delete(): void {
    this.act('delete', (id, abort) => this.rpc.call('value/delete', this.stamp(id), { signal: abort }));
  }

  /** Puts the name of the key on the clipboard. */
  async copyName(): Promise<void> {
    try {
      await this.rpc.call('value/copyName', {});
    } catch (thrown) {
      this.saver.report(thrown);
    }
  }

  /** The whole of a hash field; undefined when it is gone. */
  async readField(field: string, abort: AbortSignal): Promise<Uint8Array | undefined> {
    const { bytes } = await this.rpc.call('value/element', { epoch: this.epoch(), field }, { signal: abort });
    return bytes === undefined ? undefined : bytesOfBase64(bytes);
  }

  private act(identity: string, send: Send): void {
    const onApplied = (snapshot: ValueSnapshot | undefined): void => {
      if (snapshot) this.loading.put(snapshot);
      else void this.reload();
    };
    this.write({ identity, send, onApplied });
  }

  private write(act: Parameters<Saver['run']>[0]): void {
    void this.saver.run(act);
  }

  private take(snapshot: ValueSnapshot): void {
    this.more.cancel();
    this.snapshotSignal.value = snapshot;
    this.pageSignal.value = snapshot.page;
  }

  private async readMore(append: ValueModelParts['append'], abort: AbortSignal): Promise<PageDto> {
    const loaded = this.pageSignal.value;
    if (loaded?.cursor === undefined) throw new Error(t('There is nothing more to read.'));
    const next = await this.rpc.call(
      'value/page',
      { epoch: this.epoch(), cursor: loaded.cursor },
      { signal: abort },
    );
    const joined = append(loaded, next);
    this.pageSignal.value = joined;
    return joined;
  }

  private async takeHeldDrafts(): Promise<void> {
    try {
      const { drafts } = await this.rpc.call('value/heldDrafts', {});
      for (const draft of drafts) this.drafts.put(draft);
    } catch {
      // The panel works without; the footer says that edits are not held.
      this.held.value = false;
    }
  }

  private holdDrafts(): void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let first = true;
    effect(() => {
      const drafts = [...this.drafts.dirty.value];
      clearTimeout(timer);
      if (!first) timer = setTimeout(() => void this.hold(drafts), holdAfter);
      first = false;
    });
  }

  private async hold(drafts: Draft[]): Promise<void> {
    this.held.value = await this.rpc.call('value/holdDrafts', { drafts }).then(
      () => true,
      () => false,
    );
  }

  private epoch(): number {
    return this.snapshotSignal.value?.epoch ?? 0;
  }

  private stamp(requestId: string): { readonly epoch: number; readonly requestId: string } {
    return { epoch: this.epoch(), requestId };
  }
}
