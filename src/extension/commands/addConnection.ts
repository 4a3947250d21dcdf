import * as vscode from 'vscode';
import { parseConnectionUrl } from '../../engine/connections/connectionUrl';
import { profileDefaults, type ConnectionProfile, type Endpoint } from '../../engine/connections/profile';
import type { ConnectionSecrets } from '../../engine/connections/stores';
import { urlProblem } from '../panels/connectionSession';
import { askLine, askOne, runSteps, textOf, type Step } from './multiStep';

const t = vscode.l10n.t;

type Draft = ReturnType<typeof profileDefaults>;

/** What the quick input collects; secrets stay apart from what is stored in the profile. */
export interface NewConnection {
  readonly draft: Draft;
  readonly secrets: ConnectionSecrets;
  readonly name: string;
}

interface State extends NewConnection {
  readonly way: 'redis' | 'memcached' | 'url';
}

/** The quick way to a new connection; undefined when dismissed, and nothing is half saved. */
export function askNewConnection(): Promise<NewConnection | undefined> {
  const initial: State = { way: 'redis', draft: profileDefaults('redis'), secrets: {}, name: '' };
  const steps = [
    way,
    url,
    address,
    authentication,
    username,
    password,
    keeping,
    encryption,
    environment,
    name,
  ];
  return runSteps(t('Add connection'), steps, initial);
}

const item = (value: string, label: string, detail: string) => ({ value, label, detail });
const typed = (state: State): boolean => state.way !== 'url';
const withAuth = (state: State): boolean => state.draft.auth.method !== 'none';

const way: Step<State> = {
  ask: (state, position) =>
    askOne(
      position,
      [
        item('redis', t('Redis or Valkey'), t('Host and port, or a Unix socket')),
        item('memcached', t('Memcached'), t('One or several servers')),
        item(
          'url',
          t('Paste a URL'),
          t('redis://, rediss://, memcached:// or unix:/ — a password in it is kept apart'),
        ),
      ],
      state.way,
    ),
  take: (state, answer) => {
    const chosen = textOf(answer) as State['way'];
    return {
      ...state,
      way: chosen,
      draft: profileDefaults(chosen === 'memcached' ? 'memcached' : 'redis'),
      secrets: {},
    };
  },
};

const url: Step<State> = {
  when: (state) => state.way === 'url',
  ask: (_, position) =>
    askLine(position, {
      prompt: t('Paste the URL. It is masked because it may hold a password.'),
      password: true,
      validate: urlProblem,
    }),
  take: (state, answer) => ({ ...state, ...parseConnectionUrl(textOf(answer)) }),
};

const address: Step<State> = {
  when: typed,
  ask: ({ draft }, position) =>
    askLine(position, {
      prompt:
        draft.engine === 'redis'
          ? t('host:port, or the path of a Unix socket')
          : t('host:port, several separated by commas, or the path of a Unix socket'),
      value: draft.engine === 'redis' ? '127.0.0.1:6379' : '127.0.0.1:11211',
      validate: (text) =>
        parseAddress(text, draft)
          ? undefined
          : t('Write host:port, such as 127.0.0.1:6379, or a path that starts with /'),
    }),
  take: (state, answer) => {
    const endpoints = parseAddress(textOf(answer), state.draft) ?? state.draft.endpoints;
    return { ...state, draft: { ...state.draft, endpoints } };
  },
};

/** Endpoints of `host:port, host:port` or `/path`; undefined when they cannot be read. */
export function parseAddress(text: string, { engine }: Pick<Draft, 'engine'>): Endpoint[] | undefined {
  const fallback = engine === 'redis' ? 6379 : 11211;
  const endpoints = text.split(',').map((part) => endpointOf(part.trim(), fallback));
  if (engine === 'redis' && endpoints.length > 1) return undefined;
  return endpoints.every((endpoint) => endpoint !== undefined) ? endpoints : undefined;
}

function endpointOf(text: string, fallback: number): Endpoint | undefined {
  if (text.startsWith('/')) return { kind: 'unix', path: text };
  const match = /^(?:\[([^\]\s]+)\]|([^\s:/@[\]]+))(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3] ?? fallback);
  return host !== undefined && port >= 1 && port <= 65535 ? { kind: 'tcp', host, port } : undefined;
}

const authentication: Step<State> = {
  when: typed,
  ask: ({ draft }, position) => {
    const none = item('none', t('No authentication'), '');
    const redis = [none, item('password', t('Password'), t('With an ACL user or without'))];
    const memcached = [
      none,
      item('password', t('Text authentication'), t('User and password, servers started with -Y')),
      item('sasl', 'SASL', t('User and password, servers started with -S; not together with TLS')),
    ];
    return askOne(position, draft.engine === 'redis' ? redis : memcached, draft.auth.method);
  },
  take: (state, answer) => withAuthentication(state, { method: textOf(answer) as Draft['auth']['method'] }),
};

const username: Step<State> = {
  when: (state) => typed(state) && withAuth(state),
  ask: ({ draft }, position) => {
    const isOptional = draft.engine === 'redis';
    return askLine(position, {
      prompt: isOptional ? t('User name; leave it empty for the default user') : t('User name'),
      value: draft.auth.username ?? '',
      validate: (text) => (isOptional || text !== '' ? undefined : t('A user name is needed')),
    });
  },
  take: (state, answer) => {
    const { username: _before, ...auth } = state.draft.auth;
    const text = textOf(answer);
    return { ...state, draft: { ...state.draft, auth: text === '' ? auth : { ...auth, username: text } } };
  },
};

const password: Step<State> = {
  when: (state) => withAuth(state) && (typed(state) || state.secrets.password === undefined),
  ask: (_, position) => askLine(position, { prompt: t('Password'), password: true }),
  take: (state, answer) => ({ ...state, secrets: { password: textOf(answer) } }),
};

const keeping: Step<State> = {
  when: withAuth,
  ask: ({ draft }, position) =>
    askOne(
      position,
      [
        item('stored', t('Save the password'), t('In the secret storage of the editor')),
        item('ask', t('Ask in each session'), t('It is kept in memory only')),
      ],
      draft.auth.secret,
    ),
  take: (state, answer) => withAuthentication(state, { secret: textOf(answer) as Draft['auth']['secret'] }),
};

const encryption: Step<State> = {
  when: (state) =>
    typed(state) &&
    state.draft.auth.method !== 'sasl' &&
    state.draft.endpoints.every((endpoint) => endpoint.kind === 'tcp'),
  ask: ({ draft }, position) =>
    askOne(
      position,
      [
        item('off', t('No TLS'), t('Traffic is not encrypted')),
        item('on', t('TLS'), t('The server’s certificate is verified; a CA file can be set in the editor')),
      ],
      draft.tls.enabled ? 'on' : 'off',
    ),
  take: (state, answer) => {
    const tls = { ...state.draft.tls, enabled: textOf(answer) === 'on' };
    return { ...state, draft: { ...state.draft, tls } };
  },
};

const environment: Step<State> = {
  ask: ({ draft }, position) =>
    askOne(
      position,
      [
        item('dev', 'DEV', t('Development')),
        item('staging', 'STAGING', t('Tests before production')),
        item('prod', 'PROD', t('Production: deletes ask for the name of the connection')),
      ],
      draft.environment,
    ),
  take: (state, answer) => ({
    ...state,
    draft: { ...state.draft, environment: textOf(answer) as ConnectionProfile['environment'] },
  }),
};

const name: Step<State> = {
  ask: ({ draft }, position) => {
    const [first] = draft.endpoints;
    const suggestion = first?.kind === 'tcp' ? first.host : (first?.path.split('/').at(-1) ?? '');
    return askLine(position, {
      prompt: t('Name of the connection'),
      value: suggestion,
      validate: (text) =>
        text.trim() === ''
          ? t('A name is needed')
          : text.length > 100
            ? t('At most 100 characters')
            : undefined,
    });
  },
  take: (state, answer) => ({ ...state, name: textOf(answer).trim() }),
};

function withAuthentication(state: State, changes: Partial<Draft['auth']>): State {
  return { ...state, draft: { ...state.draft, auth: { ...state.draft.auth, ...changes } } };
}
