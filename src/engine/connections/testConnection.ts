import { toEngineError, type EngineError } from '../kernel/errors';
import type { Random } from '../kernel/ports';
import { withRetry } from '../kernel/retry';
import type { CacheProviderFactory } from './cacheProvider';
import type { Capabilities, ServerIdentity } from './capabilities';
import type { ConnectionProfile } from './profile';
import type { ConnectionSecrets } from './stores';

/** What a test of a connection found. */
export type TestReport =
  | {
      readonly ok: true;
      readonly latencyMs: number;
      readonly identity: ServerIdentity;
      readonly capabilities: Capabilities;
    }
  | { readonly ok: false; readonly error: EngineError };

/** One further attempt after a failure that may pass. */
const testRetry = { maxAttempts: 2, backoffMs: 200, backoffStrategy: 'fixed' } as const;

/** Opens a session of its own, asks the server who it is, and closes it. Never rejects: a failure is the report. */
export async function testConnection(
  factory: CacheProviderFactory,
  profile: ConnectionProfile,
  secrets: ConnectionSecrets,
  random: Random,
  signal?: AbortSignal,
): Promise<TestReport> {
  const call = { timeoutMs: profile.timeoutMs, ...(signal && { signal }) };
  try {
    const open = () => factory.open({ profile, secrets, db: profile.dbIndex, isReadOnly: () => true }, call);
    const { value: provider } = await withRetry(testRetry, random, signal, open);
    try {
      const latencyMs = await provider.ping(call);
      return { ok: true, latencyMs, identity: provider.identity, capabilities: provider.capabilities };
    } finally {
      // the answer stands, however the session ends
      await provider.close().catch(() => undefined);
    }
  } catch (thrown) {
    return { ok: false, error: toEngineError(thrown) };
  }
}
