import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { pause } from '../../engine/kernel/deadline';
import { type EngineError, toEngineError, toError } from '../../engine/kernel/errors';
import { Lifetime } from '../../engine/kernel/lifetime';
import type { Log } from '../../engine/kernel/ports';
import { FrameReader, sendFrame } from './frames';
import { type Admission, openLink } from './openLink';
import { type OwnWorker, type OwnWorkerEvent } from './ownWorker';
import { type OwnerFacts, ownerFileName, parseOwner } from './ownerFile';
import { isOpenToOthers } from './storeAddress';
import { storeStopped } from './storeErrors';
import { isMissing } from './storeFiles';
import type { StoreMessage, StoreRequest } from './storeMessages';
import { thisProcess } from './thisProcess';
import type { ConnectTransport, StoreTransport, TransportEvents } from './storeTransport';

/** How long between two looks for an owner, milliseconds. */
const lookMs = 50;

export interface OwnerTransportOptions {
  readonly folder: string;
  readonly clientId: string;
  /** Version of the schema this build's statements are written for. */
  readonly schema: number;
  readonly own: OwnWorker;
  readonly log: Log;
}

/** Reaches the owner of the store, which may be this window's own worker: started when there is no other. */
export function ownerTransport(options: OwnerTransportOptions): ConnectTransport {
  return (events) => new OwnerTransport(options, events);
}

/**
 * States and exits:
 * - `seeking`: asks who last said to be the owner, unless another answered in its place; meanwhile this window's worker
 *   tries for the store itself.
 *   -> `linked` with the first that lets it in; -> `ended` when the store cannot be opened.
 * - `linked`: -> `ended` when the owner hangs up, or this window became the owner.
 * - `ended`: by the above or by `terminate`.
 */
class OwnerTransport implements StoreTransport {
  private state: 'seeking' | 'linked' | 'ended' = 'seeking';
  private socket: Socket | undefined;
  private linkedTo: string | undefined;
  private seenHost: string | undefined;
  private mode: 'candidate' | 'reader' = 'candidate';
  /** Key of an owner whose address somebody else has: it is not asked again. */
  private shunned: string | undefined;
  private readonly stopped = new AbortController();
  private attempt = new AbortController();
  private readonly life = new Lifetime();

  constructor(
    private readonly options: OwnerTransportOptions,
    private readonly events: TransportEvents,
  ) {
    this.life.own(options.own.onEvent((event) => this.onOwn(event)));
    this.seek().catch((thrown: unknown) => this.end(toEngineError(thrown), true));
  }

  get otherHost(): string | undefined {
    return this.seenHost === thisProcess.host ? undefined : this.seenHost;
  }

  get metImpostor(): boolean {
    return this.state === 'seeking' && this.shunned !== undefined;
  }

  send(requests: readonly StoreRequest[]): void {
    if (this.socket?.writable) sendFrame(this.socket, requests);
  }

  doubt(): void {
    if (this.state === 'linked') this.options.own.start('candidate');
  }

  async terminate(): Promise<void> {
    if (this.state !== 'ended') this.transition('ended');
    await this.options.own.stop();
  }

  private transition(next: OwnerTransport['state']): void {
    const exits = { seeking: ['linked', 'ended'], linked: ['ended'], ended: [] };
    const allowed: readonly string[] = exits[this.state];
    if (!allowed.includes(next)) throw new Error(`A store link cannot go from ${this.state} to ${next}`);
    this.state = next;
    if (next !== 'ended') return;
    this.stopped.abort();
    this.attempt.abort();
    this.socket?.destroy();
    void this.life.dispose();
  }

  private async seek(): Promise<void> {
    const { own } = this.options;
    while (this.state === 'seeking') {
      this.attempt = new AbortController();
      const { signal } = this.attempt;
      const facts = own.serving ?? (await this.published());
      this.seenHost = facts?.host;
      const admission = facts && (await this.ask(facts, signal));
      if (this.takes(admission, facts)) return;
      if (this.isEnded()) break;
      if (admission?.answer.kind === 'refused') this.mode = 'reader';
      own.start(this.mode);
      if (!own.serving) await pause(lookMs, signal);
    }
  }

  /** A socket that came too late, or from a former owner, is not used. */
  private takes(admission: Admission | undefined, facts: OwnerFacts | undefined): boolean {
    if (admission?.answer.kind !== 'welcome' || !facts) return false;
    const { serving } = this.options.own;
    if (this.state !== 'seeking' || (serving && serving.address !== facts.address)) {
      admission.socket.destroy();
      return false;
    }
    this.link(admission, facts.address, admission.answer.epoch);
    return true;
  }

  private async ask(facts: OwnerFacts, signal: AbortSignal): Promise<Admission | undefined> {
    const { clientId, schema, folder } = this.options;
    if (facts.key === this.shunned) return undefined;
    const isSafe = !isOpenToOthers(folder, facts.address);
    const admission = isSafe ? await openLink(facts, { client: clientId, schema }, signal) : undefined;
    if (!isSafe || admission?.answer.kind === 'impostor') this.shun(facts);
    return admission;
  }

  /** The address was left by an owner that is gone and taken by another program, or was never safe. */
  private shun({ key, address }: OwnerFacts): void {
    this.shunned = key;
    this.options.log.warn('Another program has the address of the store: it was told nothing', { address });
  }

  private link({ socket, rest }: Admission, address: string, epoch: number): void {
    const { own } = this.options;
    this.socket = socket;
    this.linkedTo = address;
    const reader = new FrameReader();
    const receive = (chunk: Buffer): void => {
      for (const message of this.understood(reader, chunk)) this.events.onMessage(message);
    };
    socket.on('data', receive);
    socket.on('close', () => this.end(storeStopped('The owner of the store hung up', 'unknown')));
    this.transition('linked');
    const isOwner = own.serving?.address === address;
    // A worker that also wanted the store is not needed for now.
    if (!isOwner) void own.stop();
    this.events.onReady({ epoch, isOwner });
    if (rest.length > 0) receive(rest);
    socket.resume();
  }

  /** An owner that says what is no message would say it again: nothing is asked of it a second time by itself. */
  private understood(reader: FrameReader, chunk: Buffer): readonly StoreMessage[] {
    try {
      return reader.push(chunk) as StoreMessage[];
    } catch (thrown) {
      const why = `The owner of the store was not understood: ${toError(thrown).message}`;
      this.end(storeStopped(why, 'unknown', thrown), true);
      return [];
    }
  }

  private onOwn(event: OwnWorkerEvent): void {
    if (event.kind === 'serving') {
      if (this.state === 'linked' && this.linkedTo !== event.facts.address) {
        this.end(storeStopped('This window took the store over', 'unknown'));
      }
      this.attempt.abort();
    } else if (event.failure && this.state === 'seeking') {
      this.end(event.failure, true);
    }
  }

  private end(cause: EngineError, final = false): void {
    if (this.isEnded()) return;
    this.transition('ended');
    this.events.onEnd(cause, final);
  }

  private async published(): Promise<OwnerFacts | undefined> {
    try {
      return parseOwner(await readFile(join(this.options.folder, ownerFileName), 'utf8'));
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw thrown;
    }
  }

  /** Asked after a wait, in which anything may have happened. */
  private isEnded(): boolean {
    return this.state === 'ended';
  }
}
