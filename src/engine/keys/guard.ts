import type { CacheProvider } from '../connections/cacheProvider';
import type { Connection } from '../connections/connection';
import type { Connections } from '../connections/connections';
import { issuePermit, revokePermit, type WritePermit } from '../connections/writePermit';
import { EngineError } from '../kernel/errors';
import type { Ending, Operation, Recorder } from '../kernel/recorder';

/** What is about to be written, and how sure the person is of it. */
export interface WriteRequest {
  /** One id a submission: submitting the same one again joins the first and applies nothing twice. */
  readonly requestId: string;
  readonly connectionId: string;
  readonly db: number;
  /** Name of the namespace, when the act is within one. */
  readonly namespace?: string;
  /** Noun and verb for the history, e.g. `key.delete`. */
  readonly action: string;
  /** Label of the key, or a sentence about the keys; no value. */
  readonly target: string;
  /** Deletes or replaces something that cannot be had back. */
  readonly destructive: boolean;
  /** On prod: the connection's name as the person typed it. */
  readonly confirmedName?: string;
}

/** What a permitted act works with. */
export interface WriteSession {
  readonly connection: Connection;
  readonly provider: CacheProvider;
  readonly permit: WritePermit;
}

export interface WriteGatePorts {
  readonly connections: Connections;
  readonly recorder: Recorder;
  /** False in an untrusted workspace. */
  readonly isTrusted: () => boolean;
}

/** Submissions remembered, so that a late second click still finds the first. */
const rememberedRequests = 500;

/**
 * The one gate that every write to a server passes: it refuses on read-only connections and in untrusted
 * workspaces, demands the connection's name for destructive acts on prod, applies a submission once, and records
 * what happened, refusals included. Providers write only with the permit it issues.
 */
export class WriteGate {
  private readonly submitted = new Map<string, Promise<unknown>>();

  constructor(private readonly ports: WriteGatePorts) {}

  /** Why nothing can be written on this connection now; undefined when it can. */
  lock(connection: Connection): EngineError | undefined {
    const { profile } = connection;
    if (profile.forceReadOnly)
      return refuse('read-only-forced', `"${profile.name}" is forced to be read-only`);
    if (profile.readOnly) return refuse('read-only', `"${profile.name}" is read-only`);
    if (!this.ports.isTrusted())
      return refuse('untrusted', 'This workspace is not trusted, so every connection is read-only');
    return undefined;
  }

  /** Refuses, and records it, before a person is asked questions that would lead nowhere. */
  requireUnlocked(request: WriteRequest): void {
    const connection = this.ports.connections.get(request.connectionId);
    const refusal = this.lock(connection);
    if (!refusal) return;
    this.ports.recorder.blocked(operationOf(request, connection), refusal);
    throw refusal;
  }

  /** Runs `work` with a permit, or rejects with UNAUTHORIZED and records the refusal. */
  run<T>(
    request: WriteRequest,
    work: (session: WriteSession) => Promise<T>,
    endingOf?: (result: T) => Ending,
  ): Promise<T> {
    const first = this.submitted.get(request.requestId);
    if (first) return first as Promise<T>;
    const outcome = this.admit(request, work, endingOf);
    this.remember(request.requestId, outcome);
    return outcome;
  }

  private async admit<T>(
    request: WriteRequest,
    work: (session: WriteSession) => Promise<T>,
    endingOf?: (result: T) => Ending,
  ): Promise<T> {
    const connection = this.ports.connections.get(request.connectionId);
    const operation = operationOf(request, connection);
    const refusal = this.lock(connection) ?? unconfirmed(request, connection);
    if (refusal) {
      this.ports.recorder.blocked(operation, refusal);
      throw refusal;
    }
    return this.ports.recorder.during(operation, () => this.permitted(request, connection, work), endingOf);
  }

  private async permitted<T>(
    request: WriteRequest,
    connection: Connection,
    work: (session: WriteSession) => Promise<T>,
  ): Promise<T> {
    const provider = await connection.provider(request.db);
    const permit = issuePermit(connection.profile.id, request.requestId);
    try {
      return await connection.watched(() => work({ connection, provider, permit }));
    } finally {
      revokePermit(permit);
    }
  }

  private remember(requestId: string, outcome: Promise<unknown>): void {
    this.submitted.set(requestId, outcome);
    const oldest = this.submitted.keys().next();
    if (this.submitted.size > rememberedRequests && !oldest.done) this.submitted.delete(oldest.value);
  }
}

function operationOf(request: WriteRequest, { profile }: Connection): Operation {
  return {
    action: request.action,
    connectionId: profile.id,
    environment: profile.environment,
    keyOrPattern: request.target,
    namespace: request.namespace ?? `db ${request.db}`,
  };
}

function unconfirmed(request: WriteRequest, { profile }: Connection): EngineError | undefined {
  if (!request.destructive || profile.environment !== 'prod' || request.confirmedName === profile.name)
    return undefined;
  return refuse(
    'unconfirmed',
    `"${profile.name}" is a production connection: its name must be typed to confirm`,
  );
}

function refuse(
  reason: 'read-only' | 'read-only-forced' | 'untrusted' | 'unconfirmed',
  message: string,
): EngineError {
  return new EngineError('UNAUTHORIZED', reason, message);
}
