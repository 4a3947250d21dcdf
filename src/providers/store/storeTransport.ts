import type { EngineError } from '../../engine/kernel/errors';
import type { StoreMessage, StoreRequest } from './storeMessages';

/** The way to the owner of the store, whichever window that is. */
export interface StoreTransport {
  /** Called only once the transport is ready. */
  send(requests: readonly StoreRequest[]): void;
  /** Nothing came for a while although something was asked: the owner may hang, so another is looked for as well. */
  doubt(): void;
  /** Name of another machine that said last to own the store; undefined when it is on this one. */
  readonly otherHost: string | undefined;
  /** Whether another program answered in place of the owner, which it could not prove to be. */
  readonly metImpostor: boolean;
  /** Cuts the connection, whatever is under way, and frees the store if this window owns it. */
  terminate(): Promise<void>;
}

/** What a client is linked to. */
export interface StoreLink {
  readonly epoch: number;
  /** Whether this window owns the store. */
  readonly isOwner: boolean;
}

/** What a transport tells its client. */
export interface TransportEvents {
  onReady(link: StoreLink): void;
  onMessage(message: StoreMessage): void;
  /** Called once, when nothing more will come; `final` when trying again is of no use. */
  onEnd(cause: EngineError, final: boolean): void;
}

/** Looks for the owner, or makes this window the owner. */
export type ConnectTransport = (events: TransportEvents) => StoreTransport;
