/** Content that was put away, known by a keyed hash of it. */
export interface StoredPayload {
  /** Hex, 64 characters. */
  readonly hash: string;
  /** Size of its file, bytes. */
  readonly bytes: number;
}

/**
 * Keeps content too large or too private for a row: encrypted, once however often it is put. `owner` names the record
 * that refers to it, as `<dataset>/<id>`; content goes when no record refers to it any more, and a day after it was put
 * when its record was not written by then.
 *
 * Rejects with `secrets-unavailable` while no key is held durably (nothing is written then).
 */
export interface PayloadStore {
  /** Resolves when content and reference survive a crash. */
  put(owner: string, content: Uint8Array): Promise<StoredPayload>;
  /** Rejects with `gone` when the file is missing, `payload-key-missing` when its key is, `payload-damaged` when it was altered. */
  get(hash: string): Promise<Uint8Array>;
  /** Drops the references of a record. */
  release(owner: string): Promise<void>;
}
