import type { EngineError, ErrorReason } from '../engine/kernel/errors';
import type { Storage, StorageDamage } from '../engine/retention/storage';
import type { StorageNotices } from './storageNotices';

const kinds: ReadonlyMap<
  ErrorReason,
  'storeFull' | 'newer' | 'otherBuild' | 'impostor' | 'payloadKeyMissing'
> = new Map([
  ['store-full', 'storeFull'],
  ['store-newer', 'newer'],
  ['store-other-version', 'otherBuild'],
  ['store-impostor', 'impostor'],
  ['payload-key-missing', 'payloadKeyMissing'],
]);

/** Where the store stands after this window was linked to its owner. */
export interface StoreStanding {
  readonly isOwner: boolean;
  readonly damage: readonly StorageDamage[];
  /** Why nothing can be saved. */
  readonly frozenReason: ErrorReason | undefined;
}

/** Tells what was lost when this window opened the store, and why nothing can be saved. */
export function tellStanding(
  { isOwner, damage, frozenReason }: StoreStanding,
  notices: Pick<StorageNotices, 'notify'>,
): void {
  if (isOwner && damage.length > 0) notices.notify({ kind: 'damaged', damage });
  if (frozenReason !== undefined) tellStoreFailure({ reason: frozenReason }, notices);
}

/** Tells why something was not saved or read, if that is about the store as a whole; false when it is not. */
export function tellStoreFailure(
  { reason }: Pick<EngineError, 'reason'>,
  notices: Pick<StorageNotices, 'notify'>,
): boolean {
  const kind = kinds.get(reason);
  if (kind === undefined) return false;
  notices.notify({ kind });
  return true;
}

/** The acts on the store, of which a check also tells that content lies there whose key is not here. */
export function watchedStorage(storage: Storage, notices: Pick<StorageNotices, 'notify'>): Storage {
  return {
    status: () => storage.status(),
    backUp: () => storage.backUp(),
    verify: async () => {
      const found = await storage.verify();
      if (found.payloads.withoutKey > 0) notices.notify({ kind: 'payloadKeyMissing' });
      return found;
    },
  };
}
