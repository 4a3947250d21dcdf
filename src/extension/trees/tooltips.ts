import * as vscode from 'vscode';
import { capabilityNames } from '../../engine/connections/capabilities';
import type { Connection } from '../../engine/connections/connection';
import { toEngineError } from '../../engine/kernel/errors';
import { keyLabel } from '../../engine/keys/keyLabel';
import { keyBytes } from '../../engine/kernel/keyName';
import { addressOf, durationText, environmentWord, errorText, number, stateText } from '../messages';
import { plainLine } from '../plainText';
import type { KeyNode } from './nodes';

const t = vscode.l10n.t;

/** Text of lines; names of people and servers are escaped, and nothing in it is a link. */
function lines(...rows: readonly (string | undefined)[]): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  for (const row of rows) if (row) tooltip.appendText(plainLine(row)).appendMarkdown('  \n');
  return tooltip;
}

/** Latency, version, role, user and missing capabilities of a connection; asks the server only when it is connected. */
export async function connectionTooltip(
  connection: Connection,
  token: vscode.CancellationToken,
): Promise<vscode.MarkdownString> {
  const { profile, health } = connection;
  const where =
    vscode.env.remoteName === undefined ? t('from this machine') : t('from {0}', vscode.env.remoteName);
  const head = [
    `${profile.name} (${environmentWord(profile)})`,
    `${addressOf(profile)} ${where}`,
    profile.tags.length > 0 ? t('Tags: {0}', profile.tags.join(', ')) : undefined,
    stateText(connection),
    health.cause && errorText(health.cause),
  ];
  if (health.state !== 'connected' || token.isCancellationRequested) return lines(...head);
  try {
    return lines(...head, ...(await serverLines(connection)));
  } catch (thrown) {
    return lines(...head, errorText(toEngineError(thrown)));
  }
}

async function serverLines(connection: Connection): Promise<(string | undefined)[]> {
  const { value } = await connection.read(connection.profile.dbIndex, async (reader, call) => ({
    latency: await reader.ping(call),
    identity: reader.identity,
    capabilities: reader.capabilities,
  }));
  const { identity, capabilities, latency } = value;
  const missing = capabilityNames.flatMap((name) => {
    const state = capabilities[name];
    return state.available ? [] : [`✗ ${name}: ${state.reason}`];
  });
  return [
    t('Latency: {0}', `${latency.toFixed(1)} ms`),
    t('Server: {0} {1}', identity.product, identity.version),
    identity.role && t('Role: {0}', identity.role),
    identity.aclUser && t('User: {0}', identity.aclUser),
    missing.length > 0 ? t('Not available:') : undefined,
    ...missing,
  ];
}

/** Type, time to live and size of a key; this is the first time the server is asked about it. */
export async function keyTooltip(
  node: KeyNode,
  token: vscode.CancellationToken,
): Promise<vscode.MarkdownString> {
  const { connection, db } = node.place;
  const name = keyLabel(node.key).slice(0, 1000);
  if (token.isCancellationRequested) return lines(name);
  try {
    const { value: facts } = await connection.read(db, (reader, call) =>
      reader.glance(keyBytes(node.key), call),
    );
    if (!facts) return lines(name, t('This key does not exist any more'));
    const ttl =
      facts.ttlMs === undefined ? t('Does not expire') : t('Expires in {0}', durationText(facts.ttlMs));
    const length = facts.length === undefined ? undefined : t('Length: {0}', number(facts.length));
    const memory =
      facts.memoryBytes === undefined ? undefined : t('{0} bytes in memory', number(facts.memoryBytes));
    return lines(name, t('Type: {0}', facts.typeName), ttl, length ?? memory);
  } catch (thrown) {
    return lines(name, errorText(toEngineError(thrown), connection.profile));
  }
}
