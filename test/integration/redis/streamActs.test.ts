import assert from 'node:assert/strict';
import type { Redis } from 'ioredis';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { ApplyOutcome, Change, StreamAct } from '../../../src/engine/connections/change';
import { inverseOf } from '../../../src/engine/values/undo';
import { rejectsWith } from '../../helpers/rejects';
import { apply, call } from '../providerContract';
import { type OpenRedis, openRedis } from './openRedis';

const id = 'test-connection';
const text = (value: string): Buffer => Buffer.from(value);
const group = text('g');
const consumer = text('c');
const of = (act: StreamAct): Change => ({ kind: 'stream', key: text('s'), act });
const conflict = (reason: string) => ({ status: 'conflict', conflict: { reason } });

describe('Acts on a stream', () => {
  let redis: OpenRedis;
  let peer: Redis;
  let provider: CacheProvider;

  before(async () => {
    redis = await openRedis();
    ({ peer, provider } = redis);
  });
  after(() => redis.close());
  beforeEach(async () => {
    await peer.flushall();
    for (const n of [1, 2, 3]) await peer.xadd('s', `${n}-1`, 'n', String(n));
    await peer.xgroup('CREATE', 's', 'g', '0');
  });

  const act = (what: StreamAct): Promise<ApplyOutcome> => apply(provider, id, of(what));
  const happened = (what: StreamAct): Promise<boolean | undefined> => provider.wasApplied(of(what), call);
  const deliver = (): Promise<unknown> => peer.xreadgroup('GROUP', 'g', 'c', 'COUNT', 2, 'STREAMS', 's', '>');

  it('adds an entry, byte for byte, and tells its id; the undo takes it away', async () => {
    const bytes = Buffer.from([0xff, 0, 10]);
    const add = { act: 'add', id: '*', fields: [[bytes, bytes], [bytes, text('')]] } as const; // prettier-ignore
    const made = await act(add);
    assert.ok(made.status === 'applied' && made.id !== undefined);
    const [entry] = (await peer.xrangeBuffer('s', made.id, made.id)) as [Buffer, Buffer[]][];
    assert.deepEqual(entry?.[1], [bytes, bytes, bytes, text('')]);
    const inverse = inverseOf(of(add), made);
    assert.ok(inverse);
    assert.deepEqual(await apply(provider, id, inverse), { status: 'applied', count: 1 });
    assert.equal(await peer.xlen('s'), 3);
    assert.deepEqual(await apply(provider, id, inverse), conflict('gone'));
  });

  it('takes an id only above the last one, and reads back whether it was added', async () => {
    const add = { act: 'add', id: '5-1', fields: [[text('f'), text('v')]] } as const;
    assert.equal(await happened(add), undefined);
    assert.deepEqual(await act(add), { status: 'applied', id: '5-1' });
    assert.equal(await happened(add), true);
    assert.equal(await happened({ ...add, fields: [[text('f'), text('w')]] }), false);
    assert.deepEqual(await act(add), conflict('exists'));
    assert.deepEqual(await act({ ...add, id: '4-9' }), conflict('exists'));
    assert.equal(await peer.xlen('s'), 4);
  });

  it('deletes entries, and trims to exactly so many, or from an id on', async () => {
    await peer.xadd('s', '4-1', 'n', '4');
    assert.equal(await happened({ act: 'delete', ids: ['1-1'] }), false);
    assert.deepEqual(await act({ act: 'delete', ids: ['1-1', '9-9'] }), { status: 'applied', count: 1 });
    assert.equal(await happened({ act: 'delete', ids: ['1-1'] }), true);
    assert.deepEqual(await act({ act: 'trim', to: { minId: '3-1' } }), { status: 'applied', count: 1 });
    assert.deepEqual(await act({ act: 'trim', to: { maxLength: 1 } }), { status: 'applied', count: 1 });
    assert.deepEqual(await peer.xrange('s', '-', '+'), [['4-1', ['n', '4']]]);
    assert.deepEqual(await act({ act: 'trim', to: { maxLength: 0 } }), { status: 'applied', count: 1 });
    assert.equal(await peer.exists('s'), 1);
  });

  it('acknowledges what is pending, and says when nothing of it is', async () => {
    await deliver();
    const ack = { act: 'acknowledge', group, ids: ['1-1', '2-1'] } as const;
    assert.equal(await happened(ack), false);
    assert.deepEqual(await act({ ...ack, ids: ['1-1'] }), { status: 'applied', count: 1 });
    assert.equal(await happened(ack), undefined);
    assert.deepEqual(await act(ack), { status: 'applied', count: 1 });
    assert.equal(await happened(ack), true);
    assert.deepEqual(await act(ack), conflict('gone'));
    assert.deepEqual(await act({ ...ack, group: text('none') }), conflict('gone'));
  });

  it('claims tell what the server dropped because its entry is gone, and are no conflict then', async () => {
    await peer.xgroup('CREATE', 's', 'gone', '0');
    await peer.xreadgroup('GROUP', 'gone', 'other', 'STREAMS', 's', '>');
    const pending = (await peer.xpending('s', 'gone', '-', '+', 100)) as [string, ...unknown[]][];
    const ids = pending.map(([one]) => one);
    const [first = '', ...rest] = ids;
    assert.ok(rest.length > 0);
    await peer.xdel('s', first);
    const claim = { act: 'claim', group: text('gone'), consumer: text('me'), minIdleMs: 0 } as const;
    const outcome = await act({ ...claim, ids: [first] });
    const after = await peer.xpending('s', 'gone', first, first, 1);
    // servers before 7 keep and claim what is pending of an entry that is gone
    const expected =
      after.length === 0 ? { status: 'applied', count: 0, dropped: 1 } : { status: 'applied', count: 1 };
    assert.deepEqual(outcome, expected);
    await peer.xdel('s', rest[0] ?? '');
    const mixed = await act({ ...claim, ids: rest });
    assert.deepEqual(
      mixed,
      after.length === 0
        ? { status: 'applied', count: rest.length - 1, dropped: 1 }
        : { status: 'applied', count: rest.length },
    );
    const owner = await act({ act: 'deleteConsumer', group: text('gone'), consumer: text('me') });
    assert.equal(owner.status === 'applied' && owner.count, rest.length - 1 + Number(after.length > 0) * 2);
  });

  it('claims what has been idle long enough, and counts no delivery', async () => {
    await deliver();
    const claim = {
      act: 'claim',
      group,
      consumer: text('other'),
      ids: ['1-1', '2-1'],
      minIdleMs: 0,
    } as const;
    assert.deepEqual(await act({ ...claim, minIdleMs: 3_600_000 }), conflict('changed'));
    assert.deepEqual(await act(claim), { status: 'applied', count: 2 });
    const pending = (await peer.xpending('s', 'g', '-', '+', 9)) as [string, string, number, number][];
    assert.deepEqual(pending.map(([entry, to, , times]) => [entry, to, times]), [['1-1', 'other', 1], ['2-1', 'other', 1]]); // prettier-ignore
    assert.deepEqual(await act({ ...claim, group: text('none') }), conflict('gone'));
  });

  it('makes, moves and deletes groups', async () => {
    const create = { act: 'createGroup', group: text('new'), from: '$' } as const;
    assert.equal(await happened(create), false);
    assert.deepEqual(await act(create), { status: 'applied' });
    assert.equal(await happened(create), undefined);
    assert.deepEqual(await act(create), conflict('exists'));
    assert.deepEqual(await act({ act: 'setGroupId', group, from: '2-1' }), { status: 'applied' });
    assert.deepEqual(await act({ act: 'setGroupId', group: text('none'), from: '0' }), conflict('gone'));
    const page = await provider.read(text('s'), { type: 'stream', limit: 9, cellLimit: 9 }, call);
    assert.ok(page.kind === 'stream');
    assert.deepEqual(page.groups.map(({ name, lastDeliveredId }) => [String(name), lastDeliveredId]), [['g', '2-1'], ['new', '3-1']]); // prettier-ignore
    const remove = { act: 'deleteGroup', group } as const;
    assert.equal(await happened(remove), false);
    assert.deepEqual(await act(remove), { status: 'applied' });
    assert.equal(await happened(remove), true);
    assert.deepEqual(await act(remove), conflict('gone'));
  });

  it('deletes a consumer and tells how many entries were pending for it', async () => {
    await deliver();
    const remove = { act: 'deleteConsumer', group, consumer } as const;
    assert.equal(await happened(remove), false);
    assert.deepEqual(await act(remove), { status: 'applied', count: 2 });
    assert.equal(await happened(remove), true);
    assert.deepEqual(await act(remove), conflict('gone'));
    assert.deepEqual(await act({ ...remove, group: text('none') }), conflict('gone'));
  });

  const every: StreamAct[] = [
    { act: 'add', id: '*', fields: [[text('f'), text('v')]] },
    { act: 'delete', ids: ['1-1'] },
    { act: 'trim', to: { maxLength: 0 } },
    { act: 'acknowledge', group, ids: ['1-1'] },
    { act: 'claim', group, consumer, ids: ['1-1'], minIdleMs: 0 },
    { act: 'createGroup', group: text('new'), from: '0' },
    { act: 'setGroupId', group, from: '0' },
    { act: 'deleteGroup', group },
    { act: 'deleteConsumer', group, consumer },
  ];
  for (const what of every) {
    it(`G15: ${what.act} never brings a stream back, nor touches another type`, async () => {
      await peer.del('s');
      assert.deepEqual(await act(what), conflict('gone'));
      assert.equal(await happened(what), undefined);
      assert.equal(await peer.exists('s'), 0);
      await peer.set('s', 'v');
      assert.deepEqual(await act(what), conflict('wrong-type'));
      assert.equal(await peer.get('s'), 'v');
    });
  }

  it('refuses what is no id before anything is sent', async () => {
    const wrong: StreamAct[] = [
      { act: 'add', id: 'MAXLEN', fields: [[text('f'), text('v')]] },
      { act: 'add', id: '*', fields: [] },
      { act: 'delete', ids: [] },
      { act: 'delete', ids: ['$'] },
      { act: 'trim', to: { maxLength: -1 } },
      { act: 'trim', to: { minId: '~' } },
      { act: 'createGroup', group, from: 'MKSTREAM' },
    ];
    for (const what of wrong) await rejectsWith(act(what), 'VALIDATION_ERROR', 'invalid');
    assert.equal(await peer.xlen('s'), 3);
  });
});
