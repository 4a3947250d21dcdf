import type { StoreMessage } from './storeMessages';

/** Somebody who asks; `post` must not throw when they are gone. */
export interface ServedClient {
  post(message: StoreMessage): void;
  /** Whether it has not read much of what was sent before. */
  readonly isBehind?: boolean;
}
