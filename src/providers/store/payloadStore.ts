import { invalid } from '../../engine/kernel/errors';
import type { PayloadKey, PayloadKeys } from '../../engine/kernel/payloadKeys';
import type { PayloadStore, StoredPayload } from '../../engine/kernel/payloads';
import type { Clock } from '../../engine/kernel/ports';
import { hashOf, overheadBytes, seal, unseal } from './payloadCipher';
import { payloadGone, payloadKeyMissing } from './payloadErrors';
import type { PayloadFolder } from './payloadFolder';
import type { StoreAccess } from './storeAccess';
import { payloadReads } from './reads/payloadReads';

const mebibyte = 1024 * 1024;

/** The largest content that is kept, bytes. */
export const largestPayload = 64 * mebibyte;

/** One that is there already counts as made anew: its record may still be to come. */
const addReference = `INSERT INTO payload_references (owner, hash, at) VALUES (?, ?, ?)
  ON CONFLICT (owner, hash) DO UPDATE SET at = excluded.at`;

/**
 * Payloads as encrypted files, with a row for each file and each reference. The file is durable before its row is: a
 * crash leaves a file without row, which the sweep removes, and never a row without file.
 */
export class StoredPayloads implements PayloadStore {
  constructor(
    private readonly ports: {
      readonly access: StoreAccess;
      readonly folder: PayloadFolder;
      readonly keys: PayloadKeys;
      readonly clock: Clock;
    },
  ) {}

  async put(owner: string, content: Uint8Array): Promise<StoredPayload> {
    if (content.length > largestPayload) throw tooLarge(content.length);
    const key = await this.ports.keys.current();
    const hash = await hashOf(key, content);
    if (!(await this.isSound(key, hash))) await this.writeFile(key, hash, content);
    const payload = { hash, bytes: content.length + overheadBytes };
    await this.addRow(owner, key, payload);
    await this.ensureFile(owner, key, hash, content);
    return payload;
  }

  async get(hash: string): Promise<Uint8Array> {
    const { access, folder, keys } = this.ports;
    const [[keyId] = []] = await access.read(payloadReads.key, [hash]);
    const file = keyId === undefined ? undefined : await folder.read(hash);
    if (!file) throw payloadGone(hash);
    const key = await keys.byId(String(keyId));
    if (!key) throw payloadKeyMissing(hash, String(keyId));
    return unseal(key, hash, file);
  }

  async release(owner: string): Promise<void> {
    const sql = 'DELETE FROM payload_references WHERE owner = ?';
    await this.ports.access.write([{ sql, params: [owner] }], { frees: true });
  }

  /** Whether the content is there already, whole; a damaged file is written again. */
  private async isSound(key: PayloadKey, hash: string): Promise<boolean> {
    const file = await this.ports.folder.read(hash);
    if (!file) return false;
    try {
      await unseal(key, hash, file);
      return true;
    } catch {
      // Damaged: exactly what it held is at hand, so it is replaced.
      return false;
    }
  }

  /** A sweep may have removed a file that was there before it had a row. */
  private async ensureFile(owner: string, key: PayloadKey, hash: string, content: Uint8Array): Promise<void> {
    try {
      if (!(await this.ports.folder.facts(hash))) await this.writeFile(key, hash, content);
    } catch (thrown) {
      const sql = 'DELETE FROM payload_references WHERE owner = ? AND hash = ?';
      await this.ports.access.write([{ sql, params: [owner, hash] }], { frees: true });
      throw thrown;
    }
  }

  private writeFile(key: PayloadKey, hash: string, content: Uint8Array): Promise<void> {
    return this.ports.folder.write(hash, seal(key, hash, content));
  }

  private async addRow(owner: string, key: PayloadKey, { hash, bytes }: StoredPayload): Promise<void> {
    const now = this.ports.clock.now();
    await this.ports.access.write([
      {
        sql: 'INSERT OR IGNORE INTO payloads (hash, key_id, bytes, created_at) VALUES (?, ?, ?, ?)',
        params: [hash, key.id, bytes, now],
      },
      { sql: addReference, params: [owner, hash, now] },
    ]);
  }
}

function tooLarge(bytes: number): Error {
  const limit = largestPayload / mebibyte;
  return invalid(
    `The content has ${Math.ceil(bytes / mebibyte)} MiB and at most ${limit} MiB can be kept: choose less of it`,
  );
}
