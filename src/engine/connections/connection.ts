import { cancelled, type EngineError, toEngineError } from '../kernel/errors';
import { pause } from '../kernel/deadline';
import { Emitter } from '../kernel/events';
import { Lifetime } from '../kernel/lifetime';
import type { Clock, Log, Random } from '../kernel/ports';
import { withRetry } from '../kernel/retry';
import type {
  CacheProvider,
  CacheProviderFactory,
  CacheReader,
  CallOptions,
  LinkState,
} from './cacheProvider';
import type { ConnectionProfile, Engine } from './profile';
import { ReconnectTries } from './reconnectTries';
import type { SecretResolver } from './secretResolver';

/** `unknown`: not connected, and nothing is known; the others as their names say. */
export type ConnectionState = 'unknown' | 'connecting' | 'connected' | 'degraded' | 'unreachable';

/** The state of a connection and, when it is not well, why. */
export interface ConnectionHealth {
  readonly state: ConnectionState;
  readonly cause?: EngineError;
}

export interface ConnectionPorts {
  readonly factories: Readonly<Record<Engine, () => Promise<CacheProviderFactory>>>;
  readonly secrets: SecretResolver;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** False in an untrusted workspace: every connection is then read-only. */
  readonly isTrusted: () => boolean;
}

/**
 * One saved connection at run time, with one provider a logical database.
 *
 * States and exits:
 * - `unknown` -> `connecting` by `connect()`
 * - `connecting` -> `connected` when the server answered, -> `unreachable` when it did not, -> `unknown` when it
 *   refused the password, the database or anything else, and on a dismissed question
 * - `connected` -> `degraded` when a call timed out, -> `unreachable` when the socket was lost
 * - `degraded`, `unreachable` -> `connected` when a try answers; tries end as `ReconnectTries` says
 * - any -> `unknown` by `disconnect()`, which also ends a connect that is under way
 *
 * A read or write while `unknown` connects first, so that no socket is open in that state.
 */
export class Connection {
  private current: ConnectionHealth = { state: 'unknown' };
  private readonly providers = new Map<number, Promise<CacheProvider>>();
  private session = new AbortController();
  private lifetime = new Lifetime();
  private recovering: AbortSignal | undefined;
  private readonly tries: ReconnectTries;
  private readonly changes = new Emitter<ConnectionHealth>();

  /** Fires after each change of state. */
  readonly onChange = this.changes.event;

  constructor(
    public profile: ConnectionProfile,
    private readonly ports: ConnectionPorts,
  ) {
    this.tries = new ReconnectTries(ports.clock, ports.random);
  }

  get health(): ConnectionHealth {
    return this.current;
  }

  /** Whether a server that was lost is being tried again by itself. */
  get isRetrying(): boolean {
    return this.recovering === this.session.signal;
  }

  get isOpen(): boolean {
    return this.current.state !== 'unknown';
  }

  /** Deadline of one call, from the profile. */
  call(signal?: AbortSignal): CallOptions {
    return { timeoutMs: this.profile.timeoutMs, ...(signal && { signal }) };
  }

  /** Connects to the database the profile names; joins a connect that is under way. */
  async connect(signal?: AbortSignal): Promise<CacheProvider> {
    const session = this.session.signal;
    this.tries.restart();
    if (this.current.state === 'unknown' || this.current.state === 'unreachable')
      this.transition({ state: 'connecting' });
    try {
      const provider = await this.answering(signal);
      this.requireOpen(session);
      this.transition({ state: 'connected' });
      return provider;
    } catch (thrown) {
      const error = toEngineError(thrown);
      if (!session.aborted) await this.connectFailed(error);
      throw error;
    }
  }

  /** A provider whose server has just answered: one that was open already may have lost it. */
  private async answering(signal?: AbortSignal): Promise<CacheProvider> {
    const known = this.providers.get(this.profile.dbIndex);
    const provider = await (known ?? this.opened(this.profile.dbIndex, signal));
    if (known) await provider.ping(this.call(signal));
    return provider;
  }

  private async connectFailed(cause: EngineError): Promise<void> {
    const isCancelled = cause.reason === 'cancelled';
    if (isCancelled && this.current.state !== 'connecting') return;
    // a server that answers with a refusal is reached: it refuses what the profile asks for
    const refused = isCancelled || (cause.code !== 'CONNECTION_FAILED' && cause.code !== 'TIMEOUT');
    if (refused) await this.end({ state: 'unknown', cause });
    else this.transition({ state: 'unreachable', cause });
  }

  /** Closes every socket and forgets the state; pending calls reject. */
  disconnect(): Promise<void> {
    return this.end({ state: 'unknown' });
  }

  private async end(last: ConnectionHealth): Promise<void> {
    this.session.abort();
    this.session = new AbortController();
    const open = [...this.providers.values()];
    this.providers.clear();
    const lifetime = this.lifetime;
    this.lifetime = new Lifetime();
    this.transition(last);
    await lifetime.dispose();
    const closed = await Promise.allSettled(open.map(async (opening) => (await opening).close()));
    for (const end of closed) if (end.status === 'rejected') this.noteFailedEnd(toEngineError(end.reason));
  }

  /** The open session with one logical database; opens it, and connects, when there is none. */
  async provider(db: number, signal?: AbortSignal): Promise<CacheProvider> {
    if (this.current.state === 'unknown') await this.connect(signal);
    return this.opened(db, signal);
  }

  private opened(db: number, signal?: AbortSignal): Promise<CacheProvider> {
    const known = this.providers.get(db);
    if (known) return known;
    const opening = this.open(db, signal);
    this.providers.set(db, opening);
    opening.catch(() => {
      if (this.providers.get(db) === opening) this.providers.delete(db);
    });
    return opening;
  }

  /** Runs a read, retried by the profile's policy, and learns from its end how the server is. */
  async read<T>(
    db: number,
    work: (reader: CacheReader, call: CallOptions) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<{ value: T; attempts: number }> {
    return withRetry(this.profile.retry, this.ports.random, signal, () =>
      this.watched(async () => work(await this.provider(db, signal), this.call(signal))),
    );
  }

  /** Runs `work` once and notes a timeout or an answer as health. */
  async watched<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      if (this.current.state === 'degraded') this.transition({ state: 'connected' });
      return result;
    } catch (thrown) {
      const error = toEngineError(thrown);
      if (error.reason === 'timeout' && this.current.state === 'connected') this.suspect('degraded', error);
      throw error;
    }
  }

  private async open(db: number, signal?: AbortSignal): Promise<CacheProvider> {
    const { profile, lifetime } = this;
    const session = this.session.signal;
    const { factories, secrets, isTrusted } = this.ports;
    const factory = await factories[profile.engine]();
    const own = await secrets.resolve(profile);
    this.requireOpen(session);
    const isReadOnly = (): boolean => this.profile.readOnly || this.profile.forceReadOnly || !isTrusted();
    try {
      const ends = signal ? AbortSignal.any([signal, session]) : session;
      const provider = await factory.open({ profile, secrets: own, db, isReadOnly }, this.call(ends));
      if (session.aborted) await provider.close();
      this.requireOpen(session);
      lifetime.own(
        provider.onLink((link) => {
          this.onLink(link);
        }),
      );
      return provider;
    } catch (thrown) {
      if (toEngineError(thrown).reason === 'wrong-password') secrets.forget(profile.id);
      throw thrown;
    }
  }

  /** Throws when `disconnect()` came in between: what the old session began, it may not finish. */
  private requireOpen(session: AbortSignal): void {
    if (session.aborted) throw cancelled(`Connecting to "${this.profile.name}"`);
  }

  private noteFailedEnd(error: EngineError): void {
    if (error.reason !== 'cancelled')
      this.ports.log.debug('A session did not end cleanly', { reason: error.reason });
  }

  private onLink(link: LinkState): void {
    if (link.up) {
      if (this.current.state === 'degraded' || this.current.state === 'unreachable')
        this.transition({ state: 'connected' });
    } else if (this.current.state !== 'unknown' && this.current.state !== 'connecting') {
      this.suspect(link.cause.reason === 'timeout' ? 'degraded' : 'unreachable', link.cause);
    }
  }

  private suspect(state: 'degraded' | 'unreachable', cause: EngineError): void {
    const isRetrying = this.isRetrying;
    this.recovering = this.session.signal;
    this.transition({ state, cause });
    if (!isRetrying) void this.recover(this.session.signal);
  }

  /** Pings until the server answers, the tries are used up, or the connection is closed. */
  private async recover(signal: AbortSignal): Promise<void> {
    for (let wait = this.tries.next(); wait !== undefined; wait = this.tries.next()) {
      await pause(wait, signal);
      if (isOver(signal) || (await this.answers(signal))) break;
    }
    if (this.recovering !== signal) return;
    this.recovering = undefined;
    // it is not being tried any more
    if (this.current.state === 'unreachable') this.changes.fire(this.current);
  }

  private async answers(signal: AbortSignal): Promise<boolean> {
    try {
      const provider = await this.opened(this.profile.dbIndex, signal);
      await provider.ping(this.call(signal));
      if (!signal.aborted) this.transition({ state: 'connected' });
      return true;
    } catch (thrown) {
      if (!signal.aborted) this.transition({ state: 'unreachable', cause: toEngineError(thrown) });
      return false;
    }
  }

  private transition(next: ConnectionHealth): void {
    const same = next.state === this.current.state && next.cause?.message === this.current.cause?.message;
    this.current = next;
    this.tries.note(next.state === 'connected');
    if (same) return;
    this.ports.log.info('Connection state', {
      connection: this.profile.id,
      state: next.state,
      reason: next.cause?.reason,
    });
    this.changes.fire(next);
  }
}

function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
