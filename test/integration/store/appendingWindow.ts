import { say } from '../../unit/store/killingFiles';
import { realStore, someEvent } from './realStore';

/**
 * A window that appends events from several callers at once and says so, a line each: `owner <epoch>` or
 * `client <epoch>` when it found the store's owner, and the id of each event that was acknowledged.
 * Arguments: the store's folder, a prefix for the ids, how many events (all there are, or until it is killed).
 */
async function append(folder: string, prefix: string, limit: number): Promise<void> {
  const store = realStore(folder);
  store.onLink(({ epoch, isOwner }) => say(`${isOwner ? 'owner' : 'client'} ${epoch}`));
  let count = 0;
  const caller = async (): Promise<void> => {
    while (count < limit) {
      const ids = Array.from(
        { length: Math.min(1 + (count % 3), limit - count) },
        () => `${prefix}-${++count}`,
      );
      await store.history.append(ids.map((id) => someEvent(id)));
      say(ids.join('\n'));
    }
  };
  await Promise.all(Array.from({ length: 8 }, caller));
  await store.close();
}

const [, , folder = '', prefix = '', limit] = process.argv;
void append(folder, prefix, Number(limit ?? Infinity));
