import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type {
  ConnectionDraft,
  connectionEditorMethods,
  ConnectionEditorState,
  ConnectionForm,
  FormProblem,
  Held,
  TestReportDto,
} from '../../../src/protocol/connectionEditor';
import type { EventMap } from '../../../src/protocol/rpc';
import { type Failure, isCancelled, toFailure } from '../../app/failure';
import { createResource, type Resource } from '../../app/resource';
import type { Rpc } from '../../app/rpc';
import { contradictions, type Engine, type FileField, withEngine } from './formRules';

export type ConnectionRpc = Rpc<typeof connectionEditorMethods, EventMap>;
export type SecretField = 'password' | 'keyPassphrase';

/** Milliseconds without typing after which the host checks the form, and holds it for when the tab is hidden. */
const checkAfter = 300;

/** No field to leave: what is wrong with a secret comes of other fields. */
const isSecret = (field: string): boolean => field === 'password' || field === 'keyPassphrase';

/** The connection form, what the host holds beside it, and what is wrong with it. */
export class ConnectionModel {
  private readonly hostProblems = signal<readonly FormProblem[]>([]);
  private readonly touched = signal<ReadonlySet<string>>(new Set());
  private readonly showAll = signal(false);
  private readonly saving = signal(false);
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Memcached servers beyond the first while Redis is chosen. */
  private setAside: ConnectionForm['endpoints'] = [];

  readonly loading: Resource<ConnectionEditorState>;
  readonly test: Resource<TestReportDto>;
  readonly form = signal<ConnectionForm | undefined>(undefined);
  readonly held = signal<Held>({ hasPassword: false, hasKeyPassphrase: false });
  readonly busy: ReadonlySignal<boolean> = this.saving;
  readonly failure = signal<Failure | undefined>(undefined);
  /** Whether secrets were entered or files chosen, which only the host holds. */
  readonly hasEntered = signal(false);
  /** Whether such were lost with the window. */
  readonly hasLost = signal(false);
  /** What is to be kept: undefined while nothing was typed. */
  readonly draft: ReadonlySignal<ConnectionDraft | undefined> = computed(() => {
    const state = this.loading.data.value;
    const form = this.form.value;
    if (!state || !form || (form === state.form && !this.hasEntered.value)) return undefined;
    return { form, session: state.session, hasEntered: this.hasEntered.value };
  });
  private kept: ConnectionDraft | undefined;
  /** Field to bring into focus, once. */
  readonly focus = signal<string | undefined>(undefined);

  /** Problems to show: of fields the person has left, and all after a try to save. */
  readonly problems: ReadonlySignal<ReadonlyMap<string, string>> = computed(() => {
    const form = this.form.value;
    const seen = this.hostProblems.value.filter(
      ({ field }) => this.showAll.value || this.touched.value.has(field) || isSecret(field),
    );
    return new Map(
      [...seen, ...(form ? contradictions(form) : [])].map(({ field, message }) => [field, message]),
    );
  });
  /** A reason known here why it can be neither tested nor saved. */
  readonly impossible: ReadonlySignal<string | undefined> = computed(() =>
    this.form.value ? contradictions(this.form.value)[0]?.message : undefined,
  );

  constructor(private readonly rpc: ConnectionRpc) {
    this.loading = createResource((abort) => rpc.call('connection/load', {}, { signal: abort }));
    this.test = createResource((abort) =>
      rpc.call('connection/test', { form: this.current() }, { signal: abort }),
    );
  }

  /** Reads what there is to edit. */
  async load(): Promise<void> {
    await this.loading.load();
    const state = this.loading.data.value;
    if (!state) return;
    this.form.value = state.form;
    this.held.value = state.held;
    if (this.kept) this.takeUp(this.kept, state.session);
    this.kept = undefined;
    if (state.held.hasPassword || state.held.hasKeyPassphrase) this.checkSoon();
  }

  /** Has the next load go on from what was typed before the window was loaded anew. */
  restore(kept: ConnectionDraft | undefined): void {
    this.kept = kept;
  }

  private takeUp({ form, session, hasEntered }: ConnectionDraft, now: string): void {
    this.form.value = form;
    this.hasEntered.value = hasEntered && session === now;
    this.hasLost.value = hasEntered && session !== now;
    this.checkSoon();
  }

  /** Changes a part of the form. */
  edit(change: Partial<ConnectionForm>): void {
    this.form.value = { ...this.current(), ...change };
    this.checkSoon();
  }

  /** Changes one server line. */
  editEndpoint(at: number, change: Partial<ConnectionForm['endpoints'][number]>): void {
    const endpoints = this.current().endpoints.map((each, index) =>
      index === at ? { ...each, ...change } : each,
    );
    this.edit({ endpoints });
  }

  /** Changes the engine; servers that Redis cannot have come back with Memcached. */
  chooseEngine(engine: Engine): void {
    const form = this.current();
    if (engine === 'redis') this.setAside = form.endpoints.slice(1);
    const changed = withEngine(form, engine);
    const back = engine === 'memcached' ? this.setAside : [];
    this.edit({ ...changed, endpoints: [...changed.endpoints, ...back] });
  }

  /** The person left a field: what is wrong with it is shown from now on. */
  touch(field: string): void {
    if (!this.touched.value.has(field)) this.touched.value = new Set(this.touched.value).add(field);
    this.checkSoon();
  }

  enterSecret(which: SecretField): Promise<void> {
    return this.hold(() => this.rpc.call('connection/enterSecret', { which }));
  }

  forgetSecret(which: SecretField): Promise<void> {
    return this.hold(() => this.rpc.call('connection/forgetSecret', { which }));
  }

  pickFile(which: FileField): Promise<void> {
    return this.hold(() => this.rpc.call('connection/pickFile', { which }));
  }

  clearFile(which: FileField): Promise<void> {
    return this.hold(() => this.rpc.call('connection/clearFile', { which }));
  }

  /** The host asks for a URL and splits it into fields. */
  pasteUrl(): Promise<void> {
    return this.attempt(async () => {
      const { form, held } = await this.rpc.call('connection/pasteUrl', { form: this.current() });
      this.form.value = form;
      if (JSON.stringify(held) !== JSON.stringify(this.held.value)) this.hasEntered.value = true;
      this.held.value = held;
      this.checkSoon();
    });
  }

  /** Tries the form as it stands; a failure points at its field. */
  async runTest(): Promise<void> {
    this.failure.value = undefined;
    this.test.put(undefined);
    await this.test.load();
    const report = this.test.data.value;
    if (report?.field && !report.ok) this.focus.value = report.field;
  }

  /** Saves and, when it was possible, is closed by the host. */
  async save(connect: boolean): Promise<void> {
    if (this.saving.value) return;
    this.saving.value = true;
    this.showAll.value = true;
    await this.attempt(async () => {
      const { problems } = await this.rpc.call('connection/save', { form: this.current(), connect });
      this.hostProblems.value = problems;
      if (problems[0]) this.focus.value = problems[0].field;
    });
    this.saving.value = false;
  }

  private hold(change: () => Promise<Held>): Promise<void> {
    return this.attempt(async () => {
      const held = await change();
      if (JSON.stringify(held) !== JSON.stringify(this.held.value)) this.hasEntered.value = true;
      this.held.value = held;
      this.checkSoon();
    });
  }

  private async attempt(act: () => Promise<void>): Promise<void> {
    this.failure.value = undefined;
    try {
      await act();
    } catch (thrown) {
      if (!isCancelled(thrown)) this.failure.value = toFailure(thrown);
    }
  }

  private checkSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.attempt(() => this.check()), checkAfter);
  }

  private async check(): Promise<void> {
    const form = this.current();
    const { problems } = await this.rpc.call('connection/check', { form });
    if (form === this.form.value) this.hostProblems.value = problems;
  }

  private current(): ConnectionForm {
    if (!this.form.value) throw new Error('The form is used before it was read');
    return this.form.value;
  }
}
