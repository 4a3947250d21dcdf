import type { ConnectionForm, FormProblem, Held } from '../../../src/protocol/connectionEditor';
import { t } from '../../app/l10n';

export type Engine = ConnectionForm['engine'];
export type Endpoint = ConnectionForm['endpoints'][number];

const defaultPort = { redis: '6379', memcached: '11211' } as const satisfies Record<Engine, string>;

/** A server line to begin with. */
export function blankEndpoint(engine: Engine): Endpoint {
  return { kind: 'tcp', host: '127.0.0.1', port: defaultPort[engine], path: '' };
}

/** The form for another engine: what the other one does not know goes back to its default. */
export function withEngine(form: ConnectionForm, engine: Engine): ConnectionForm {
  const endpoints = form.endpoints.map((endpoint) =>
    endpoint.port === defaultPort[form.engine] ? { ...endpoint, port: defaultPort[engine] } : endpoint,
  );
  if (engine === 'memcached') return { ...form, engine, endpoints, dbIndex: '0' };
  return {
    ...form,
    engine,
    endpoints: endpoints.slice(0, 1),
    authMethod: form.authMethod === 'sasl' ? 'password' : form.authMethod,
  };
}

/** What cannot be had together, told while it is chosen; the host checks it again. */
export function contradictions(form: ConnectionForm): FormProblem[] {
  if (form.authMethod !== 'sasl') return [];
  const problems: FormProblem[] = [];
  if (form.tlsEnabled) {
    const message = t(
      'SASL together with TLS is not available: the password would travel unencrypted. Use password authentication with TLS, or SASL without TLS.',
    );
    problems.push({ field: 'authMethod', message }, { field: 'tlsEnabled', message });
  }
  if (form.endpoints.some((endpoint) => endpoint.kind === 'unix')) {
    problems.push({ field: 'authMethod', message: t('SASL over a Unix socket is not available.') });
  }
  return problems;
}

/** Whether what is typed so far needs a password at all. */
export function usesPassword(form: ConnectionForm): boolean {
  return form.authMethod !== 'none';
}

/** Name of the file without its folders. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

/** Which file a key, certificate or authority is read from. */
export type FileField = 'caFile' | 'certificateFile' | 'keyFile';

/** The files that were picked, by field. */
export function fileOf(held: Held, field: FileField): string | undefined {
  return held[field];
}
