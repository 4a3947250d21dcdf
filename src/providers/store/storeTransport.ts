import type { EngineError } from '../../engine/kernel/errors';
import type { StoreRequest, WorkerMessage } from './storeMessages';

/** The way to a running store. Today its worker thread; a socket to the owning window can take its place. */
export interface StoreTransport {
  send(requests: readonly StoreRequest[]): void;
  /** Cuts the connection, whatever is under way. */
  terminate(): Promise<void>;
}

/** What a transport tells its client. */
export interface TransportEvents {
  onMessage(message: WorkerMessage): void;
  /** Called once, when nothing more will come. */
  onEnd(cause: EngineError): void;
}

/** Opens a transport; what is sent before the store is ready waits. */
export type ConnectTransport = (events: TransportEvents) => StoreTransport;
