import { Redis } from 'ioredis';
import browserModule from '../../out/test/helpers/browser.js';
import viewModule from '../../out/test/helpers/cachifyView.js';
import windowModule from '../../out/test/helpers/editorWindow.js';
import peerModule from '../../out/test/helpers/memcachedPeer.js';
import { demoNames } from './profiles.mjs';
import { smokeSteps } from './smokeSteps.mjs';
import { step } from './steps.mjs';

/** Goes the main path in a headless browser and compares with what independent clients see; rejects at the first difference. */
export async function runSmoke(lifetime, { server, folder }, { redisPort, memcachedPort }) {
  const redis = await lifetime.own(
    'the Redis client',
    async () => new Redis({ port: redisPort, host: '127.0.0.1' }),
    (client) => client.quit(),
  );
  const memcached = await lifetime.own(
    'the Memcached client',
    () => peerModule.MemcachedPeer.connect(memcachedPort),
    (client) => client.close(),
  );
  const browser = await lifetime.own(
    'Chromium',
    () => browserModule.launchBrowser(),
    (running) => running.close(),
  );
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(15_000);
  const window = await windowModule.EditorWindow.open(page, server, folder);
  const view = await viewModule.CachifyView.show(window);
  let count = 0;
  for (const { name, run } of smokeSteps({ view, redis, memcached, names: demoNames })) {
    const picture = `smoke-${String(++count).padStart(2, '0')}-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
    const next = `look at artifacts/screenshots/${picture}.png`;
    await step(name, next, () => run().finally(() => window.screenshot(picture)));
  }
  console.log(`\nSmoke test passed: ${count} steps, pictures in artifacts/screenshots/smoke-*.png`);
}
