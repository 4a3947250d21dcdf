/** A key that payloads are encrypted with. */
export interface PayloadKey {
  /** Hex, 32 characters; recorded with each payload. */
  readonly id: string;
  /** 32 of them. */
  readonly bytes: Uint8Array;
}

/** Where the keys of payloads come from. A key never leaves the process but for the place that keeps it. */
export interface PayloadKeys {
  /** The key for new payloads. Rejects with `secrets-unavailable` while none is kept so that it is there tomorrow. */
  current(): Promise<PayloadKey>;
  /** A key that was used before; undefined when it is not held here. */
  byId(id: string): Promise<PayloadKey | undefined>;
}
