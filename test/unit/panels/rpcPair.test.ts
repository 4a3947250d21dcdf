import assert from 'node:assert/strict';
import * as v from 'valibot';
import { toEngineError } from '../../../src/engine/kernel/errors';
import { type Handlers, RpcHost } from '../../../src/extension/panels/rpcHost';
import { type FromHost, maxMessageLength } from '../../../src/protocol/rpc';
import { RpcFailure } from '../../../webview-ui/app/failure';
import { Rpc, type Wire } from '../../../webview-ui/app/rpc';

const methods = {
  'test/echo': { params: v.object({ text: v.string() }), result: v.object({ text: v.string() }) },
  'test/wait': { params: v.object({}), result: v.object({}) },
  'test/fail': { params: v.object({}), result: v.object({}) },
  'test/wrong': { params: v.object({}), result: v.object({ number: v.number() }) },
} as const;
const events = { 'test/changed': v.object({ at: v.number() }) } as const;

/** Both ends over a wire in memory; `lose` drops what the host says. */
function pair(change: Partial<Handlers<typeof methods>> = {}) {
  const dropped: string[] = [];
  const posted: FromHost[] = [];
  const aborted: string[] = [];
  const pages = new Set<(message: unknown) => void>();
  let toHost: (message: unknown) => void = () => undefined;
  const link = { lose: false };
  let shown: () => void = () => undefined;
  const host = new RpcHost({
    port: {
      postMessage: async (message) => {
        posted.push(message);
        if (!link.lose) for (const page of pages) page(structuredClone(message));
        return true;
      },
      onDidReceiveMessage: (listener) => {
        toHost = listener;
        return { dispose: () => (toHost = () => undefined) };
      },
    },
    methods,
    events,
    handlers: {
      'test/echo': ({ text }) => ({ text }),
      'test/wait': (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted.push('wait');
            reject(new Error('stopped'));
          });
        }),
      'test/fail': () => Promise.reject(new Error('it broke')),
      'test/wrong': () => ({ number: Number.NaN }),
      ...change,
    },
    toRpcError: (thrown, { correlationId }) => {
      const { code, message, retryable } = toEngineError(thrown);
      return { code, message, retryable, correlationId };
    },
    onDropped: (reason) => dropped.push(reason),
  });
  const wire: Wire = {
    post: (message) => toHost(structuredClone(message)),
    listen: (receive) => {
      pages.add(receive);
      return () => pages.delete(receive);
    },
    onVisible: (callback) => {
      shown = callback;
      return () => undefined;
    },
  };
  const open = (clientId: string) => new Rpc(methods, events, wire, clientId);
  return {
    host,
    open,
    wire,
    dropped,
    posted,
    aborted,
    link,
    send: (m: unknown) => toHost(m),
    show: () => shown(),
  };
}

async function failure(promise: Promise<unknown>): Promise<RpcFailure['failure']> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(thrown instanceof RpcFailure, String(thrown));
  return thrown.failure;
}

describe('A panel and its host', () => {
  it('answer a request with its parsed result', async () => {
    const { open } = pair({ 'test/echo': () => ({ text: 'hi', secret: 'left out' }) });
    const rpc = open('one');
    rpc.ready(() => undefined);
    assert.deepEqual(await rpc.call('test/echo', { text: 'x' }), { text: 'hi' });
  });

  it('answer what a handler throws, with a reference to the log', async () => {
    const rpc = ready(pair());
    const { code, message, correlationId } = await failure(rpc.call('test/fail', {}));
    assert.deepEqual([code, message], ['INTERNAL_ERROR', 'it broke']);
    assert.match(correlationId, /^[0-9a-f-]{36}$/);
  });

  it('refuse a result that is not as agreed', async () => {
    const rpc = ready(pair());
    assert.match((await failure(rpc.call('test/wrong', {}))).message, /test\/wrong answered something else/);
  });

  it('answer an unknown method and bad parameters', async () => {
    const link = pair();
    ready(link);
    for (const [id, method, params, code] of [
      [7, 'test/none', {}, 'NOT_SUPPORTED'],
      [8, 'constructor', {}, 'NOT_SUPPORTED'],
      [9, 'test/echo', { text: 5 }, 'VALIDATION_ERROR'],
    ] as const) {
      link.send({ kind: 'request', clientId: 'one', id, method, params });
      await settled();
      const answer = link.posted.at(-1);
      assert.ok(answer?.kind === 'failure');
      assert.deepEqual([answer.id, answer.error.code], [id, code]);
    }
  });

  it('answer a message over the limit without reading it further', async () => {
    const link = pair();
    const rpc = ready(link);
    const { code, message } = await failure(rpc.call('test/echo', { text: 'x'.repeat(maxMessageLength) }));
    assert.equal(code, 'VALIDATION_ERROR');
    assert.match(message, /longer than/);
  });

  it('drop what no page of ours would send', () => {
    const link = pair();
    ready(link);
    const circular: { self?: unknown } = {};
    circular.self = circular;
    for (const message of [undefined, null, 5, 'x', [], {}, { kind: 'request' }, circular])
      link.send(message);
    assert.equal(link.dropped.length, 8);
    assert.deepEqual(link.posted, []);
  });

  it('cancel: the handler is aborted, the caller is told at once', async () => {
    const link = pair();
    const rpc = ready(link);
    const controller = new AbortController();
    const waiting = rpc.call('test/wait', {}, { signal: controller.signal });
    controller.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
    assert.deepEqual(link.aborted, ['wait']);
  });

  it('send nothing for a signal that is aborted already', async () => {
    const link = pair();
    const rpc = ready(link);
    await assert.rejects(rpc.call('test/echo', { text: '' }, { signal: AbortSignal.abort() }), {
      name: 'AbortError',
    });
    assert.deepEqual(link.posted, []);
  });

  it('abort what runs, and answer nobody, when the panel is closed', async () => {
    const link = pair();
    const rpc = ready(link);
    void rpc.call('test/wait', {}).catch(() => undefined);
    link.host.dispose();
    await settled();
    assert.deepEqual(link.aborted, ['wait']);
    assert.deepEqual(link.posted, []);
  });

  it('reject what is pending when the page is replaced, also when answers were lost', async () => {
    const link = pair();
    const rpc = ready(link);
    link.link.lose = true;
    const lost = rpc.call('test/echo', { text: 'x' });
    rpc.dispose();
    assert.equal((await failure(lost)).retryable, true);
    assert.equal((await failure(rpc.call('test/echo', { text: 'x' }))).retryable, true);
  });

  it('post nothing before a page is ready', () => {
    const { host, posted } = pair();
    host.emit('test/changed', { at: 1 });
    assert.deepEqual(posted, []);
  });

  it('ignore an older page, and never give its answers to the newer one', async () => {
    let answer: (value: { text: string }) => void = () => undefined;
    const link = pair({ 'test/echo': () => new Promise((resolve) => (answer = resolve)) });
    void ready(link)
      .call('test/echo', { text: 'old' })
      .catch(() => undefined);
    const newer = link.open('two');
    newer.ready(() => undefined);
    answer({ text: 'old' });
    await settled();
    assert.deepEqual(link.posted, []);
    link.send({ kind: 'request', clientId: 'one', id: 2, method: 'test/fail', params: {} });
    link.send({ kind: 'ready', clientId: 'one' });
    await settled();
    assert.equal(link.dropped.length, 2);
    const asked = newer.call('test/echo', { text: 'new' });
    answer({ text: 'new' });
    assert.deepEqual(await asked, { text: 'new' });
  });
});

describe('Events of a host', () => {
  it('reach the page in order', () => {
    const link = pair();
    const seen: number[] = [];
    const rpc = ready(link, () => seen.push(-1));
    rpc.on('test/changed', ({ at }) => seen.push(at));
    link.host.emit('test/changed', { at: 1 });
    link.host.emit('test/changed', { at: 2 });
    assert.deepEqual(seen, [1, 2]);
  });

  it('ask for a fresh snapshot after a gap, and after being hidden', () => {
    const link = pair();
    let asked = 0;
    const rpc = ready(link, () => asked++);
    const seen: number[] = [];
    rpc.on('test/changed', ({ at }) => seen.push(at));
    link.host.emit('test/changed', { at: 1 });
    link.host.setVisible(false);
    link.host.emit('test/changed', { at: 2 });
    link.host.setVisible(true);
    link.host.emit('test/changed', { at: 3 });
    assert.deepEqual([seen, asked], [[1], 1]);
    link.show();
    assert.equal(asked, 2);
    link.host.emit('test/changed', { at: 4 });
    assert.deepEqual(seen, [1, 4]);
  });

  it('begin anew with each page', () => {
    const link = pair();
    ready(link);
    link.host.emit('test/changed', { at: 1 });
    const seen: number[] = [];
    const newer = link.open('two');
    newer.ready(() => seen.push(-1));
    newer.on('test/changed', ({ at }) => seen.push(at));
    link.host.emit('test/changed', { at: 2 });
    assert.deepEqual(seen, [2]);
  });
});

function ready(link: ReturnType<typeof pair>, onStale: () => void = () => undefined) {
  const rpc = link.open('one');
  rpc.ready(onStale);
  return rpc;
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
