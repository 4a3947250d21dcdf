import { strict as assert } from 'node:assert';
import { Redis } from 'ioredis';
import { keyNameOfText } from '../../src/engine/kernel/keyName';
import { keyNode, placeNode, type KeyNode } from '../../src/extension/trees/nodes';
import type { DraftDto } from '../../src/protocol/valueChange';
import type { ValueModel } from '../../webview-ui/surfaces/value/valueModel';
import { startRedis, type CacheServer } from '../helpers/cacheServer';
import { eventually } from '../helpers/eventually';
import { aProfile } from '../helpers/ports';
import { openTestWindow, type TestWindow } from './testWindow';
import { ValueTab } from './valueTab';

const b64 = (text: string): string => Buffer.from(text).toString('base64');

/** An element that is being added to the end of a list. */
const append: DraftDto = { target: { kind: 'list' }, form: 'text', text: 'b', place: 'tail' };

describe('a save whose page is replaced while it is on its way', () => {
  let server: CacheServer;
  let peer: Redis;
  let window: TestWindow;
  let tab: ValueTab;
  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
  });
  after(async () => {
    await peer.quit();
    await server.stop();
  });
  beforeEach(async () => {
    window = openTestWindow();
    await window.save(aProfile(server.port, { name: 'Shop' }));
    await peer.flushall();
  });
  afterEach(async () => {
    await peer.client('UNPAUSE');
    tab.close();
    await window.close();
  });

  async function nodeOf(key: string): Promise<KeyNode> {
    const connection = window.app.connections.get('test-connection');
    await connection.connect();
    return keyNode(placeNode(connection, 0), keyNameOfText(key), keyNameOfText(''));
  }
  /** Opens a key and types one edit into its page. */
  async function typed(key: string, draft: DraftDto): Promise<ValueModel> {
    tab = await ValueTab.open(window, await nodeOf(key));
    const page = tab.page();
    await eventually('the value is shown', () => page.reading.snapshot.value);
    page.drafts.put(draft);
    return page;
  }
  /** Begins to save what was typed; the server has got it and does not answer yet. */
  async function saving(page: ValueModel): Promise<void> {
    await peer.client('PAUSE', 60_000, 'WRITE');
    void page.saveAll();
    await eventually('the server holds the write back', async () =>
      /flags=\w*b/.test(String(await peer.client('LIST'))) ? true : undefined,
    );
  }
  const goOn = () => peer.client('UNPAUSE');
  const empty = (page: ValueModel) =>
    eventually('nothing is unsaved', () => page.drafts.dirty.value.length === 0 || undefined);

  it('is made once, and the new page takes nothing for unsaved that was saved: a list append', async () => {
    await peer.rpush('l', 'a');
    await saving(await typed('l', append));
    const next = tab.page();
    await eventually('the edit is shown as it is', () => next.drafts.dirty.value[0]);
    await goOn();
    await empty(next);
    assert.deepEqual(await peer.lrange('l', 0, -1), ['a', 'b']);
    await eventually(
      'the new element is shown',
      () => next.reading.snapshot.value?.facts?.length === 2 || undefined,
    );
    const third = tab.page();
    await eventually('the value is shown', () => third.reading.snapshot.value);
    assert.deepEqual(third.drafts.dirty.value, []);
  });

  it('is joined, not made again, when the new page saves: a list append', async () => {
    await peer.rpush('l', 'a');
    await saving(await typed('l', append));
    const next = tab.page();
    await eventually('the edit is shown as it is', () => next.drafts.dirty.value[0]);
    const again = next.saveAll();
    await eventually('the new page asks as well', () => tab.requests('value/save') === 2 || undefined);
    await goOn();
    await again;
    await empty(next);
    assert.deepEqual(await peer.lrange('l', 0, -1), ['a', 'b']);
    assert.equal(next.saver.trouble.value, undefined);
  });

  it('is joined when the editor itself saves: a list append', async () => {
    await peer.rpush('l', 'a');
    await saving(await typed('l', append));
    const byEditor = tab.save();
    // the editor's own save needs no server before it meets the one on its way
    await peer.ping();
    await goOn();
    await byEditor;
    assert.deepEqual(await peer.lrange('l', 0, -1), ['a', 'b']);
    const next = tab.page();
    await eventually('the value is shown', () => next.reading.snapshot.value);
    assert.deepEqual(next.drafts.dirty.value, []);
  });

  it('ends with the newer text still unsaved when the new page went on typing: a string', async () => {
    await peer.set('s', 'one');
    const draft: DraftDto = {
      target: { kind: 'string' },
      before: b64('one'),
      form: 'text',
      text: 'two',
      shown: 'one',
    };
    await saving(await typed('s', draft));
    const next = tab.page();
    const [held] = await eventually('the edit is shown as it is', () => {
      const { value } = next.drafts.dirty;
      return value.length > 0 ? value : undefined;
    });
    assert.ok(held);
    next.drafts.put({ ...held, text: 'three' });
    next.tellHost?.();
    await goOn();
    await eventually('the edit is based on what was saved', () => {
      const [left] = next.drafts.dirty.value;
      return (left?.text === 'three' && left.before === b64('two')) || undefined;
    });
    assert.equal(await peer.get('s'), 'two');
    await eventually(
      'what was saved is shown',
      () => next.reading.snapshot.value?.facts?.length === 3 || undefined,
    );
    await next.saveAll();
    assert.equal(await peer.get('s'), 'three');
  });
});
