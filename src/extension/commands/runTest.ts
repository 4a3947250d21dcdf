import * as vscode from 'vscode';
import { capabilityNames } from '../../engine/connections/capabilities';
import { oldestServed } from '../../engine/connections/oldestServed';
import type { ConnectionProfile } from '../../engine/connections/profile';
import type { ConnectionSecrets } from '../../engine/connections/stores';
import { testConnection, type TestReport } from '../../engine/connections/testConnection';
import type { EngineError, ErrorReason } from '../../engine/kernel/errors';
import type { TestReportDto } from '../../protocol/connectionEditor';
import type { App } from '../app';
import { errorText } from '../messages';

const t = vscode.l10n.t;

/** Tests a profile on a session of its own and tells the result as text. */
export async function runTest(
  app: App,
  profile: ConnectionProfile,
  secrets: ConnectionSecrets,
  signal: AbortSignal,
): Promise<TestReportDto> {
  const factory = await app.factories[profile.engine]();
  const report = await app.recorder.during(
    { action: 'connection.test', connectionId: profile.id, environment: profile.environment },
    () => testConnection(factory, profile, secrets, app.random, signal),
    (result) => (result.ok ? { status: 'success' } : { status: 'error', error: result.error }),
  );
  return report.ok ? success(report) : failure(report.error);
}

function success({ identity, latencyMs, capabilities }: Extract<TestReport, { ok: true }>): TestReportDto {
  const oldest = oldestServed(identity);
  const facts: [string, string | undefined][] = [
    [t('Latency'), `${latencyMs.toFixed(1)} ms`],
    [t('Server'), `${identity.product} ${identity.version}`],
    [
      t('Too old'),
      oldest && t('The oldest version that is tested is {0}: some values may be read only here.', oldest),
    ],
    [t('Role'), identity.role],
    [t('User'), identity.aclUser],
    [t('Encryption'), identity.tls ? t('TLS') : t('none')],
  ];
  return {
    ok: true,
    headline: t(
      'Connected to {0} {1} in {2}',
      identity.product,
      identity.version,
      `${latencyMs.toFixed(1)} ms`,
    ),
    lines: facts.flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }])),
    missing: capabilityNames.flatMap((name) => {
      const state = capabilities[name];
      return state.available ? [] : [{ name, reason: state.reason }];
    }),
  };
}

/** Form field that a failure points at. */
const fieldOfReason: Partial<Record<ErrorReason, string>> = {
  refused: 'endpoints.0.host',
  dns: 'endpoints.0.host',
  timeout: 'endpoints.0.host',
  tls: 'tlsEnabled',
  'wrong-password': 'password',
  'password-needed': 'authMethod',
  'no-password': 'authMethod',
  'no-permission': 'username',
};

function failure(error: EngineError): TestReportDto {
  const field = fieldOfReason[error.reason];
  return {
    ok: false,
    headline: errorText(error),
    lines: [],
    missing: [],
    ...(field !== undefined && { field }),
  };
}
