import { parseProfile, type profileDefaults, type ConnectionProfile } from '../../engine/connections/profile';
import { EngineError } from '../../engine/kernel/errors';
import type { ConnectionForm, FormProblem, Held } from '../../protocol/connectionEditor';

/** What the host adds to the form: identity, and the files it holds. */
export interface FormBase {
  readonly id: string;
  readonly order: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

type Draft = ReturnType<typeof profileDefaults>;

/** The form that shows a profile or a draft. */
export function formOf(profile: Draft & { readonly name?: string }): ConnectionForm {
  return {
    name: profile.name ?? '',
    engine: profile.engine,
    endpoints: profile.endpoints.map((endpoint) =>
      endpoint.kind === 'tcp'
        ? { kind: 'tcp', host: endpoint.host, port: String(endpoint.port), path: '' }
        : { kind: 'unix', host: '', port: '', path: endpoint.path },
    ),
    dbIndex: String(profile.dbIndex),
    authMethod: profile.auth.method,
    username: profile.auth.username ?? '',
    secret: profile.auth.secret,
    tlsEnabled: profile.tls.enabled,
    tlsVerify: profile.tls.verify,
    servername: profile.tls.servername ?? '',
    environment: profile.environment,
    tags: profile.tags.join(', '),
    readOnly: profile.readOnly,
    forceReadOnly: profile.forceReadOnly,
    timeoutMs: String(profile.timeoutMs),
    retryMaxAttempts: String(profile.retry.maxAttempts),
    retryBackoffMs: String(profile.retry.backoffMs),
    retryBackoffStrategy: profile.retry.backoffStrategy,
  };
}

/** The profile a form stands for; throws VALIDATION_ERROR naming the field. */
export function profileOf(form: ConnectionForm, held: Held, base: FormBase): ConnectionProfile {
  const { username, servername } = form;
  return parseProfile({
    ...base,
    name: form.name,
    engine: form.engine,
    topology: 'standalone',
    endpoints: form.endpoints.map(({ kind, host, port, path }) =>
      kind === 'tcp' ? { kind, host: host.trim(), port: wholeNumber(port) } : { kind, path },
    ),
    dbIndex: form.engine === 'redis' ? wholeNumber(form.dbIndex) : 0,
    auth: {
      method: form.authMethod,
      secret: form.secret,
      ...(username !== '' && form.authMethod !== 'none' && { username }),
    },
    tls: {
      enabled: form.tlsEnabled,
      verify: form.tlsVerify,
      ...(servername.trim() !== '' && { servername }),
      ...(held.caFile !== undefined && { caFile: held.caFile }),
      ...(held.certificateFile !== undefined && { certificateFile: held.certificateFile }),
      ...(held.keyFile !== undefined && { keyFile: held.keyFile }),
    },
    environment: form.environment,
    tags: form.tags
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean),
    readOnly: form.readOnly,
    forceReadOnly: form.forceReadOnly,
    timeoutMs: wholeNumber(form.timeoutMs),
    retry: {
      maxAttempts: wholeNumber(form.retryMaxAttempts),
      backoffMs: wholeNumber(form.retryBackoffMs),
      backoffStrategy: form.retryBackoffStrategy,
      abortOnErrorRate: 1,
    },
  });
}

/** What is wrong with a form; empty when it can be saved. */
export function formProblems(form: ConnectionForm, held: Held, base: FormBase): FormProblem[] {
  try {
    profileOf(form, held, base);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || thrown.code !== 'VALIDATION_ERROR') throw thrown;
    const field = String(thrown.details['field'] ?? '');
    return [{ field: formField(field), message: sentence(thrown.message, field) }];
  }
}

/** Field names of the profile that the form calls otherwise. */
const formNames: Readonly<Record<string, string>> = {
  'auth.method': 'authMethod',
  'auth.username': 'username',
  'tls.keyFile': 'keyFile',
  endpoints: 'endpoints.0.host',
  'tls.servername': 'servername',
  'retry.maxAttempts': 'retryMaxAttempts',
  'retry.backoffMs': 'retryBackoffMs',
};

function formField(field: string): string {
  return formNames[field] ?? field.replace(/^tags\..*/, 'tags');
}

function sentence(message: string, field: string): string {
  const text = message.replace(/^Connection: /, '').replace(`${field} `, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A whole number as typed; NaN, which no rule lets through, when it is none. */
function wholeNumber(text: string): number {
  return /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN;
}
