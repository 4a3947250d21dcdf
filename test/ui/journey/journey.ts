import { Redis } from 'ioredis';
import type { ConnectionProfile } from '../../../src/engine/connections/profile';
import { type CacheServer, startRedis } from '../../helpers/cacheServer';
import { CachifyView } from '../../helpers/cachifyView';
import { type Editor, type EditorOptions, openEditor } from '../../helpers/editor';
import { serverStoreFolder, withStore } from '../../helpers/extensionStore';
import { startFaultProxy } from '../../helpers/faultProxy';
import { aProfile } from '../../helpers/ports';

/** Longest start of an editor, and longest test in it, milliseconds. */
export const editorMs = 90_000;

/** A person's way through the product: an editor that shows its view, a real Redis, and a client of our own. */
export interface Journey {
  readonly redis: CacheServer;
  /** Where the extension finds that server. */
  readonly port: number;
  /** An independent client of the server, for what tests plant and check. */
  readonly client: Redis;
  readonly editor: Editor;
  readonly view: CachifyView;
  stop(): Promise<void>;
}

/** How a journey begins. */
export interface JourneyOptions extends EditorOptions {
  /** Changes to the profiles that are saved beforehand, one each. */
  readonly profiles?: readonly Partial<ConnectionProfile>[];
  /** Password the server asks for. */
  readonly password?: string;
}

/** Starts server and editor; profiles are in the store before the extension is there. */
export async function startJourney(options: JourneyOptions = {}): Promise<Journey> {
  const { profiles = [], password } = options;
  const redis = await startRedis({ args: password === undefined ? [] : ['--requirepass', password] });
  const client = new Redis({
    port: redis.port,
    host: '127.0.0.1',
    ...(password !== undefined && { password }),
  });
  const stops: (() => Promise<unknown>)[] = [() => redis.stop(), () => client.quit()];
  const way = await wayTo(redis.port);
  stops.push(() => way.close());
  const stop = async (): Promise<void> => {
    for (let free = stops.pop(); free; free = stops.pop()) await free();
  };
  try {
    const editor = await openEditor(options);
    stops.push(() => editor.close());
    await saveProfiles(editor.server.dataDir, way.port, profiles);
    return { redis, port: way.port, client, editor, view: await CachifyView.show(editor.window), stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/**
 * The way from the extension to a server: straight, or CACHIFY_SLOW_SERVER milliseconds long each way, which
 * shows a test that looks at the server before what it did there has ended.
 */
export async function wayTo(port: number): Promise<{ readonly port: number; close(): Promise<void> }> {
  const delayMs = Number(process.env['CACHIFY_SLOW_SERVER'] ?? 0);
  if (delayMs === 0) return { port, close: () => Promise.resolve() };
  const proxy = await startFaultProxy(port);
  proxy.delayMs = delayMs;
  return proxy;
}

function saveProfiles(
  dataDir: string,
  port: number,
  changes: readonly Partial<ConnectionProfile>[],
): Promise<void> {
  return withStore(serverStoreFolder(dataDir), async (store) => {
    for (const [order, change] of changes.entries()) {
      const id = `profile-${order}`;
      await store.profiles.save(aProfile(port, { id, order, createdAt: 1, updatedAt: 1, ...change }));
    }
  });
}
