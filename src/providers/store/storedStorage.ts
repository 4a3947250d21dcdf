import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import type { Storage, StorageFile, StorageStatus, VerifyReport } from '../../engine/retention/storage';
import type { Payloads } from './openPayloads';
import { storageStatus } from './storageStatus';
import type { StoreClient } from './storeClient';

/** The store as a person looks after it. */
export class StoredStorage implements Storage {
  constructor(
    private readonly ports: {
      readonly folder: string;
      readonly client: Pick<StoreClient, 'status' | 'upkeep' | 'isOwner'>;
      readonly payloads: Pick<Payloads, 'verify'>;
    },
  ) {}

  async status(): Promise<StorageStatus> {
    const { folder, client } = this.ports;
    const status = await client.status();
    return storageStatus(folder, status, client.isOwner);
  }

  async backUp(): Promise<StorageFile> {
    const { name } = await this.ports.client.upkeep('backUp');
    const { size, mtimeMs } = await stat(join(this.ports.folder, name));
    return { name, bytes: size, at: mtimeMs };
  }

  async verify(): Promise<VerifyReport> {
    const { client, payloads } = this.ports;
    const checked = await client.upkeep('verify');
    const found = await payloads.verify(new AbortController().signal);
    const isSound = checked.isSound && found.missing + found.damaged === 0;
    return { ...checked, isSound, payloads: found };
  }
}
