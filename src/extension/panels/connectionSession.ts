import * as vscode from 'vscode';
import { parseConnectionUrl } from '../../engine/connections/connectionUrl';
import { secretRef, type ConnectionProfile, type profileDefaults } from '../../engine/connections/profile';
import { saveConnection } from '../../engine/connections/saveConnection';
import { keepsSecrets } from '../../engine/connections/secretResolver';
import type { ConnectionSecrets } from '../../engine/connections/stores';
import { toEngineError } from '../../engine/kernel/errors';
import type {
  ConnectionEditorState,
  ConnectionForm,
  FormProblem,
  Held,
  TestReportDto,
} from '../../protocol/connectionEditor';
import type { App } from '../app';
import { runTest } from '../commands/runTest';
import { bindingText } from '../bindingWords';
import { errorText } from '../messages';
import { askText } from '../prompts';
import { formOf, formProblems, profileOf, type FormBase } from './connectionForm';
import { EditorSecrets } from './editorSecrets';

const t = vscode.l10n.t;

type Secret = keyof ConnectionSecrets;
type FileField = 'caFile' | 'certificateFile' | 'keyFile';

/** What one connection editor holds beside the form: secrets and files, which the page never has. */
export class ConnectionSession {
  /** New with each window: a page that kept its form learns that what was entered beside it is gone. */
  private readonly id: string;
  private readonly base: FormBase;
  private files: Partial<Record<FileField, string>>;
  private readonly secrets = new EditorSecrets();
  private loaded: Promise<void> | undefined;
  /** The form as it was last checked: a hidden tab loses its page, and what was typed must not go with it. */
  private typed: ConnectionForm | undefined;

  constructor(
    private readonly app: App,
    private readonly draft: ReturnType<typeof profileDefaults>,
    private readonly saved: ConnectionProfile | undefined,
  ) {
    const now = app.clock.now();
    const order = app.connections.known().length;
    this.id = app.random.id();
    this.base = saved ?? { id: app.random.id(), order, createdAt: now, updatedAt: now };
    this.files = filesOf(draft.tls);
  }

  async load(): Promise<ConnectionEditorState> {
    await this.loadSecrets();
    return {
      mode: this.saved ? 'edit' : 'new',
      form: this.typed ?? formOf(this.saved ?? this.draft),
      held: this.held(),
      session: this.id,
    };
  }

  check(form: ConnectionForm): FormProblem[] {
    this.typed = form;
    const problems = formProblems(form, this.held(), this.base);
    return problems.length > 0 ? problems : this.secretProblems(form);
  }

  /** Asks for a secret in the editor's own masked input; dismissed, nothing changes. */
  async enterSecret(which: Secret): Promise<Held> {
    const title = which === 'password' ? t('Password') : t('Passphrase of the client key');
    const entered = await askText({
      title,
      password: true,
      prompt: t('It is kept in the secret storage of the editor, or for this session only if you chose so.'),
    });
    if (entered !== undefined) this.secrets.enter({ [which]: entered });
    return this.held();
  }

  forgetSecret(which: Secret): Held {
    this.secrets.forget(which);
    return this.held();
  }

  async pickFile(which: FileField): Promise<Held> {
    const filters = { [t('PEM files')]: ['pem', 'crt', 'cer', 'key'], [t('All files')]: ['*'] };
    const [chosen] = (await vscode.window.showOpenDialog({ canSelectMany: false, filters })) ?? [];
    if (chosen) this.files = { ...this.files, [which]: chosen.fsPath };
    return this.held();
  }

  clearFile(which: FileField): Held {
    const { [which]: _cleared, ...rest } = this.files;
    this.files = rest;
    return this.held();
  }

  /** Asks for a URL and splits it; a password in it stays here. */
  async pasteUrl(form: ConnectionForm): Promise<{ form: ConnectionForm; held: Held }> {
    const url = await askText({
      title: t('Paste a URL'),
      password: true,
      placeholder: 'rediss://user:password@host:6379/0',
      validate: urlProblem,
    });
    if (url === undefined) return { form, held: this.held() };
    const { draft, secrets } = parseConnectionUrl(url);
    this.secrets.enter(secrets);
    const filled = formOf({ ...draft, name: form.name });
    const { environment, tags, readOnly, forceReadOnly, timeoutMs } = form;
    return { form: { ...filled, environment, tags, readOnly, forceReadOnly, timeoutMs }, held: this.held() };
  }

  async test(form: ConnectionForm, signal: AbortSignal): Promise<TestReportDto> {
    await this.loadSecrets();
    const [problem] = this.check(form);
    if (problem)
      return { ok: false, headline: problem.message, lines: [], missing: [], field: problem.field };
    const profile = profileOf(form, this.held(), this.base);
    return runTest(this.app, profile, this.secrets.usableFor(profile), signal);
  }

  /** Saves; the id is missing when the form has problems or the keyring failed. */
  async save(form: ConnectionForm): Promise<{ problems: FormProblem[]; id?: string }> {
    await this.loadSecrets();
    const problems = this.check(form);
    if (problems.length > 0) return { problems };
    const profile = { ...profileOf(form, this.held(), this.base), updatedAt: this.app.clock.now() };
    const secrets = this.secrets.usableFor(profile);
    try {
      await this.app.recorder.during(
        {
          action: this.saved ? 'connection.edit' : 'connection.add',
          connectionId: profile.id,
          environment: profile.environment,
        },
        () => saveConnection(this.app, profile, secrets),
      );
    } catch (thrown) {
      const error = toEngineError(thrown);
      if (error.reason !== 'secrets-unavailable') throw error;
      return { problems: [{ field: 'secret', message: errorText(error) }] };
    }
    await this.app.connections.reload();
    if (profile.auth.secret === 'ask' && secrets.password !== undefined)
      this.app.secrets.remember(profile, secrets);
    return { problems: [], id: profile.id };
  }

  /** A saved secret that would go elsewhere than it was saved for is entered again by the person, or forgotten. */
  private secretProblems(form: ConnectionForm): FormProblem[] {
    return this.secrets.withheldFrom(profileOf(form, this.held(), this.base)).map(({ which, changes }) => ({
      field: which,
      message: t('{0} Enter it again, or forget it.', bindingText(which, changes, t)),
    }));
  }

  private held(): Held {
    return {
      hasPassword: this.secrets.has('password'),
      hasKeyPassphrase: this.secrets.has('keyPassphrase'),
      ...this.files,
    };
  }

  /** Reads the stored secrets once; a keyring that fails leaves them to be entered again. */
  private loadSecrets(): Promise<void> {
    this.loaded ??= this.readSecrets();
    return this.loaded;
  }

  private async readSecrets(): Promise<void> {
    if (!this.saved || !keepsSecrets(this.saved)) return;
    try {
      this.secrets.load((await this.app.vault.get(secretRef(this.saved.id))) ?? {});
    } catch (thrown) {
      this.app.log.warn('SecretStorage cannot be read', { reason: toEngineError(thrown).name });
    }
  }
}

function filesOf({
  caFile,
  certificateFile,
  keyFile,
}: ConnectionProfile['tls']): Partial<Record<FileField, string>> {
  return {
    ...(caFile && { caFile }),
    ...(certificateFile && { certificateFile }),
    ...(keyFile && { keyFile }),
  };
}

/** What is wrong with a typed URL, as a sentence; undefined when it can be read. */
export function urlProblem(text: string): string | undefined {
  try {
    parseConnectionUrl(text);
    return undefined;
  } catch (thrown) {
    return toEngineError(thrown).message;
  }
}
