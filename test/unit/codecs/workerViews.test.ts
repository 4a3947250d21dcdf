import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { ValueViews } from '../../../src/engine/values/valueViews';
import { WorkerViews } from '../../../src/providers/codecs/workerViews';
import { rejectsWith } from '../../helpers/rejects';
import { repositoryRoot } from '../../helpers/repository';

const workerPath = join(repositoryRoot, 'out/src/providers/codecs/worker.js');
/** A part of the longest value: the rule does not need more, and a busy machine has other tests to run. */
const size = 96 * 1024;

/** As many parts as a value of its size can have: an array of empty arrays, in MessagePack. */
const emptyArrays = Buffer.alloc(size, 0x90);
emptyArrays[0] = 0xdd;
emptyArrays.writeUInt32BE(size - 5, 1);

/** As many parts as JSON of its size can have. */
const emptyJson = Buffer.from(`[${'[],'.repeat(size / 3 - 3)}[]]`);

/** What `work` gives, and how many turns the event loop of this thread took meanwhile. */
async function turnsDuring<T>(work: Promise<T>): Promise<{ readonly value: T; readonly turns: number }> {
  let turns = 0;
  let isDone = false;
  const take = (): void => {
    turns++;
    if (!isDone) setImmediate(take);
  };
  setImmediate(take);
  const value = await work.finally(() => (isDone = true));
  return { value, turns };
}

function viewsWith(bounds: { readonly heapMb?: number } = {}): WorkerViews {
  return new WorkerViews({ workerPath, readSchemas: async () => [], ...bounds });
}

describe('decoders in a worker', () => {
  const views = viewsWith();
  after(() => views.dispose());

  it('leave the window its turns while a value of very many parts is decoded and written back', async () => {
    const acts: readonly ((by: ValueViews) => Promise<unknown>)[] = [
      (by) => by.offered(emptyArrays, {}),
      (by) => by.decode(emptyArrays, 'msgpack'),
      (by) => by.encode('[[]]', 'msgpack', emptyArrays),
      (by) => by.decode(emptyJson, 'json'),
      (by) => by.readableJson(emptyJson),
      (by) => by.decode(emptyArrays, 'hexdump'),
    ];
    await views.decode(Buffer.from('the worker runs'), 'text');
    for (const act of acts) {
      const { turns } = await turnsDuring(act(views));
      assert.ok(turns > 20, `${turns} turns during ${String(act)}`);
    }
  });

  it('show and give back all of it: nothing is cut', async () => {
    const decoded = await views.decode(emptyArrays, 'msgpack');
    assert.ok(decoded.editable);
    assert.equal(decoded.text.match(/\[\]/g)?.length, size - 5);
    const encoded = await views.encode(decoded.text, 'msgpack', emptyArrays);
    assert.ok('bytes' in encoded && encoded.bytes.equals(emptyArrays));
  });

  it('are asked as if they were here: bytes are buffers, refusals say what and why', async () => {
    const encoded = await views.encode('[1, 2]', 'json', Buffer.from('[1]'));
    assert.ok('bytes' in encoded && Buffer.isBuffer(encoded.bytes));
    assert.equal(String(encoded.bytes), '[1,2]');
    assert.deepEqual(await views.encode('[1', 'json', Buffer.from('[1]')), {
      problem: 'The JSON document ends too early',
      at: 2,
    });
    await rejectsWith(views.decode(Buffer.from('no'), 'msgpack'), 'VALIDATION_ERROR', 'invalid');
    assert.equal(await views.readableJson(Buffer.from('no')), undefined);
    assert.equal(String(await views.readableJson(Buffer.from('[1]'))), '[\n  1\n]');
  });

  it('see the schemas as they are at each act, and go on without those that cannot be read', async () => {
    const text = 'syntax = "proto3"; message Point { int32 x = 1; }';
    let schemas = [{ name: 'point.proto', text }];
    const own = new WorkerViews({ workerPath, readSchemas: async () => schemas });
    try {
      const point = Buffer.of(8, 5);
      assert.equal((await own.decode(point, 'protobuf:Point')).text, '{\n  "x": 5\n}');
      schemas = [{ name: 'point.proto', text: text.replace('x = 1', 'y = 1') }];
      assert.equal((await own.decode(point, 'protobuf:Point')).text, '{\n  "y": 5\n}');
      schemas = [{ name: 'point.proto', text: 'none' }];
      await rejectsWith(own.decode(point, 'protobuf:Point'), 'VALIDATION_ERROR', 'invalid');
      assert.ok((await own.offered(point, {})).some(({ id }) => id === 'hex'));
    } finally {
      await own.dispose();
    }
  });

  it('give up a value that takes too long, and decode the next one', async () => {
    const bounds = { limitMs: 1 };
    const bounded = new WorkerViews(Object.assign(bounds, { workerPath, readSchemas: async () => [] }));
    try {
      await rejectsWith(bounded.decode(emptyArrays, 'msgpack'), 'NOT_SUPPORTED', 'unsupported');
      bounds.limitMs = 60_000;
      assert.equal((await bounded.decode(Buffer.from('next'), 'text')).text, 'next');
    } finally {
      await bounded.dispose();
    }
  });

  it('give up a value that takes too much memory, and decode the next one', async () => {
    const bounded = viewsWith({ heapMb: 12 });
    const whole = Buffer.alloc(10 * size, 0x90);
    whole[0] = 0xdd;
    whole.writeUInt32BE(whole.length - 5, 1);
    try {
      await rejectsWith(bounded.decode(whole, 'msgpack'), 'NOT_SUPPORTED', 'unsupported');
      assert.equal((await bounded.decode(Buffer.from('next'), 'text')).text, 'next');
    } finally {
      await bounded.dispose();
    }
  });

  it('answer what was asked before them first, and end with the window', async () => {
    const own = viewsWith();
    const order: string[] = [];
    const first = own.decode(emptyJson, 'json').then(() => order.push('long'));
    const second = own.decode(Buffer.from('short'), 'text').then(() => order.push('short'));
    await Promise.all([first, second]);
    assert.deepEqual(order, ['long', 'short']);
    const unanswered = rejectsWith(own.decode(emptyArrays, 'msgpack'), 'INTERNAL_ERROR', 'cancelled');
    const notBegun = rejectsWith(own.decode(Buffer.from('late'), 'text'), 'INTERNAL_ERROR', 'cancelled');
    await own.dispose();
    await Promise.all([unanswered, notBegun]);
  });
});
