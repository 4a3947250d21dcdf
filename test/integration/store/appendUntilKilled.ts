import { realStore, someEvent } from './realStore';

/**
 * Appends events from several callers at once and prints the id of each acknowledged one, until it is killed.
 * Arguments: the store's folder, a prefix for the ids.
 */
async function appendForEver(folder: string, prefix: string): Promise<void> {
  const { history } = realStore(folder);
  let count = 0;
  const caller = async (): Promise<void> => {
    for (;;) {
      const ids = Array.from({ length: 1 + (count % 3) }, () => `${prefix}-${++count}`);
      await history.append(ids.map((id) => someEvent(id)));
      process.stdout.write(`${ids.join('\n')}\n`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, caller));
}

void appendForEver(process.argv[2] ?? '', process.argv[3] ?? '');
