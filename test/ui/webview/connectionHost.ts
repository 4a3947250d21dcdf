import type { Handlers } from '../../../src/extension/panels/rpcHost';
import type {
  connectionEditorMethods,
  ConnectionEditorState,
  ConnectionForm,
  FormProblem,
  Held,
  TestReportDto,
} from '../../../src/protocol/connectionEditor';

const blank: ConnectionForm = {
  name: 'orders-cache',
  engine: 'redis',
  endpoints: [{ kind: 'tcp', host: 'cache.internal', port: '6379', path: '' }],
  dbIndex: '0',
  authMethod: 'password',
  username: 'app',
  secret: 'stored',
  tlsEnabled: true,
  tlsVerify: true,
  servername: '',
  environment: 'prod',
  tags: 'orders, eu-west',
  readOnly: true,
  forceReadOnly: false,
  timeoutMs: '5000',
  retryMaxAttempts: '3',
  retryBackoffMs: '250',
  retryBackoffStrategy: 'exponential',
};

/** A form as it is typed, everything not given as of an ordinary production Redis. */
export function formOf(change: Partial<ConnectionForm> = {}): ConnectionForm {
  return { ...blank, ...change };
}

/** What a test of an older server finds. */
export const report: TestReportDto = {
  ok: true,
  headline: 'Connected to cache.internal:6379 in 1.8 ms',
  lines: [
    { label: 'Server', value: 'Valkey 8.1.3' },
    { label: 'Role', value: 'primary, 2 replicas' },
    { label: 'ACL user', value: 'app' },
    { label: 'TLS', value: 'TLS 1.3, verified' },
  ],
  missing: [{ name: 'SLOWLOG', reason: 'is not allowed for user app (NOPERM)' }],
};

/** A host that finds a name missing, and keeps what it is given. */
export class ConnectionHost {
  held: Held = { hasPassword: false, hasKeyPassphrase: false, caFile: '/etc/ssl/company-ca.pem' };
  testAnswer: Promise<TestReportDto> | TestReportDto = report;
  readonly saved: { readonly form: ConnectionForm; readonly connect: boolean }[] = [];

  constructor(
    readonly form: ConnectionForm = formOf(),
    readonly mode: ConnectionEditorState['mode'] = 'edit',
  ) {}

  session = 'first';
  /** The host that a password was saved for before the form was opened. */
  savedFor: string | undefined;

  private otherServer({ endpoints }: ConnectionForm): FormProblem[] {
    const isOther = this.savedFor !== undefined && endpoints[0]?.host !== this.savedFor;
    return isOther ? [{ field: 'password', message: 'The saved password is not used: enter it again.' }] : [];
  }

  readonly handlers: Handlers<typeof connectionEditorMethods> = {
    'connection/load': () => ({ mode: this.mode, form: this.form, held: this.held, session: this.session }),
    'connection/check': ({ form }) => ({ problems: [...problemsOf(form), ...this.otherServer(form)] }),
    'connection/enterSecret': ({ which }) => {
      this.savedFor = undefined;
      return this.hold({ [which === 'password' ? 'hasPassword' : 'hasKeyPassphrase']: true });
    },
    'connection/forgetSecret': ({ which }) =>
      this.hold({ [which === 'password' ? 'hasPassword' : 'hasKeyPassphrase']: false }),
    'connection/pickFile': ({ which }) => this.hold({ [which]: `/home/me/${which}.pem` }),
    'connection/clearFile': ({ which }) => this.hold({ [which]: undefined }),
    'connection/pasteUrl': ({ form }) => ({
      form: {
        ...form,
        endpoints: [{ kind: 'tcp' as const, host: 'pasted.example', port: '6380', path: '' }],
      },
      held: this.held,
    }),
    'connection/test': async (_, { signal }) => Promise.race([this.testAnswer, whenAborted(signal)]),
    'connection/save': ({ form, connect }) => {
      const problems = problemsOf(form);
      if (problems.length === 0) this.saved.push({ form, connect });
      return { problems };
    },
  };

  private hold(change: Partial<Held>): Held {
    this.held = { ...this.held, ...change };
    return this.held;
  }
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
}

function problemsOf(form: ConnectionForm): FormProblem[] {
  const problems = form.name === '' ? [{ field: 'name', message: 'Give the connection a name.' }] : [];
  if (form.endpoints.some(({ port }) => !/^\d+$/.test(port))) {
    problems.push({ field: 'endpoints.0.port', message: 'Enter a port from 1 to 65535.' });
  }
  return problems;
}
