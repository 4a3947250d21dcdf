import assert from 'node:assert/strict';
import type { CacheProvider } from '../../src/engine/connections/cacheProvider';
import type { ApplyOutcome, Change } from '../../src/engine/connections/change';
import type { TtlChange } from '../../src/engine/connections/ttlChange';
import { issuePermit, revokePermit } from '../../src/engine/connections/writePermit';
import { EngineError } from '../../src/engine/kernel/errors';
import { keyBytes } from '../../src/engine/kernel/keyName';

/** What the contract needs to know of one engine. */
export interface ContractSubject {
  /** An open provider on an empty server. */
  readonly provider: () => CacheProvider;
  readonly connectionId: string;
  /** A new plain value of this engine. */
  readonly newValue: (bytes: Buffer) => Extract<Change, { kind: 'create' }>['value'];
  /** An edit of a plain value as the panel makes it. */
  readonly edit: (key: Buffer, before: Buffer, after: Buffer, ttl?: TtlChange) => Promise<Change>;
  readonly longestKey: number;
  /** Whether any byte may stand in a key. */
  readonly binaryKeys: boolean;
}

export const call = { timeoutMs: 3000 };
const keep: TtlChange = { mode: 'keep' };

/** Applies a change with a permit of its own. */
export async function apply(
  provider: CacheProvider,
  connectionId: string,
  change: Change,
): Promise<ApplyOutcome> {
  const permit = issuePermit(connectionId, 'test');
  try {
    return await provider.apply(change, permit, call);
  } finally {
    revokePermit(permit);
  }
}

/** All bytes of a plain value. */
export async function readBytes(provider: CacheProvider, key: Buffer): Promise<Buffer | undefined> {
  const facts = await provider.describe(key, call);
  if (!facts) return undefined;
  const page = await provider.read(key, { type: facts.type, limit: 16 << 20, cellLimit: 1 << 20 }, call);
  assert.equal(page.kind, 'bytes');
  return page.bytes;
}

/** Every key of a full scan. */
export async function scanAll(provider: CacheProvider, match?: Buffer): Promise<Buffer[]> {
  const keys: Buffer[] = [];
  for await (const batch of provider.scan(match ? { match } : {}, call))
    keys.push(...batch.keys.names().map(keyBytes));
  return keys;
}

/** What every provider promises, run against a real server. */
export function providerContract(subject: ContractSubject): void {
  const text = (value: string): Buffer => Buffer.from(value);
  const write = (change: Change): Promise<ApplyOutcome> =>
    apply(subject.provider(), subject.connectionId, change);
  const create = (key: Buffer, value: Buffer, ttl: TtlChange = keep): Promise<ApplyOutcome> =>
    write({ kind: 'create', key, value: subject.newValue(value), ttl });

  it('creates a key, reads it back byte for byte, and refuses to create it again', async () => {
    const value = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    assert.deepEqual(await create(text('made'), value), { status: 'applied' });
    assert.deepEqual(await readBytes(subject.provider(), text('made')), value);
    const again = await create(text('made'), text('other'));
    assert.equal(again.status === 'conflict' && again.conflict.reason, 'exists');
    assert.deepEqual(await readBytes(subject.provider(), text('made')), value);
  });

  it('G17: keeps binary values through read and save', async () => {
    const before = Buffer.from([0xff, 0x00, 0x0a, 0x0d, 0xfe, 0x80]);
    const after = Buffer.from([0xff, 0x00, 0x0a, 0x0d, 0xfe, 0x81]);
    await create(text('binary'), before);
    assert.equal((await write(await subject.edit(text('binary'), before, after))).status, 'applied');
    assert.deepEqual(await readBytes(subject.provider(), text('binary')), after);
  });

  it('G16: keeps the time to live through an edit', async () => {
    await create(text('lives'), text('a'), { mode: 'set', expireAtMs: Date.now() + 100_000 });
    await write(await subject.edit(text('lives'), text('a'), text('b')));
    const facts = await subject.provider().describe(text('lives'), call);
    assert.ok(
      facts?.ttlMs !== undefined && facts.ttlMs > 95_000 && facts.ttlMs <= 100_000,
      String(facts?.ttlMs),
    );
  });

  it('makes a conflict of a value that moved, and changes nothing', async () => {
    await create(text('moved'), text('first'));
    const mine = await subject.edit(text('moved'), text('first'), text('mine'));
    await write(await subject.edit(text('moved'), text('first'), text('theirs')));
    const outcome = await write(mine);
    assert.equal(outcome.status === 'conflict' && outcome.conflict.reason, 'changed');
    assert.deepEqual(outcome.status === 'conflict' && outcome.conflict.current, text('theirs'));
    assert.deepEqual(await readBytes(subject.provider(), text('moved')), text('theirs'));
  });

  it('never brings a deleted key back by an edit', async () => {
    await create(text('doomed'), text('a'));
    const edit = await subject.edit(text('doomed'), text('a'), text('b'));
    await remove([text('doomed')]);
    const outcome = await write(edit);
    assert.equal(outcome.status === 'conflict' && outcome.conflict.reason, 'gone');
    assert.equal(await subject.provider().describe(text('doomed'), call), undefined);
  });

  it('sets and removes a time to live, also one beyond 30 days', async () => {
    await create(text('ttl'), text('a'));
    const days31 = Date.now() + 31 * 86_400_000;
    assert.equal(
      (await write({ kind: 'ttl', key: text('ttl'), ttl: { mode: 'set', expireAtMs: days31 } })).status,
      'applied',
    );
    const facts = await subject.provider().describe(text('ttl'), call);
    assert.ok(
      facts?.ttlMs !== undefined && Math.abs(facts.ttlMs - 31 * 86_400_000) < 5000,
      String(facts?.ttlMs),
    );
    await write({ kind: 'ttl', key: text('ttl'), ttl: { mode: 'remove' } });
    assert.equal((await subject.provider().describe(text('ttl'), call))?.ttlMs, undefined);
    const missing = await write({ kind: 'ttl', key: text('absent'), ttl: { mode: 'remove' } });
    assert.equal(missing.status === 'conflict' && missing.conflict.reason, 'gone');
  });

  it('reports each key of a bulk delete', async () => {
    await create(text('bulk:1'), text('a'));
    await create(text('bulk:2'), text('b'));
    const outcome = await remove([text('bulk:1'), text('bulk:none'), text('bulk:2')]);
    assert.deepEqual(outcome.outcomes, ['affected', 'absent', 'affected']);
  });

  it('scans every key once or more, and only those that match', async () => {
    for (let i = 0; i < 300; i++) await create(text(`scan:${i}`), text('x'));
    const names = new Set((await scanAll(subject.provider(), text('scan:*'))).map(String));
    assert.equal(names.size, 300);
    assert.equal(new Set((await scanAll(subject.provider(), text('scan:29?'))).map(String)).size, 10);
  });

  it('serves the strangest key names it allows', async () => {
    const strange = [
      text('__proto__'),
      text('constructor'),
      Buffer.alloc(subject.longestKey, 'k'),
      text('مرحبا\u202eabc'),
    ];
    if (subject.binaryKeys) strange.push(Buffer.from([0, 255, 10, 13]), text('line\nbreak'), Buffer.alloc(0));
    for (const key of strange) {
      assert.equal((await create(key, text('v'))).status, 'applied');
      assert.deepEqual(await readBytes(subject.provider(), key), text('v'));
    }
    const found = new Set((await scanAll(subject.provider())).map((key) => key.toString('latin1')));
    for (const key of strange)
      assert.ok(found.has(key.toString('latin1')), JSON.stringify(key.toString('latin1').slice(0, 40)));
  });

  it('S41: writes nothing without a permit of the gate', async () => {
    await create(text('guarded'), text('a'));
    const forged = { connectionId: subject.connectionId, requestId: 'forged' };
    const over = issuePermit(subject.connectionId, 'over');
    revokePermit(over);
    for (const permit of [forged, over, issuePermit('another', 'x')]) {
      const attempts = [
        () => subject.provider().apply({ kind: 'ttl', key: text('guarded'), ttl: keep }, permit, call),
        () => subject.provider().remove([text('guarded')], permit, call),
        () => subject.provider().setTtl([text('guarded')], { mode: 'remove' }, permit, call),
      ];
      for (const attempt of attempts) await assert.rejects(async () => attempt(), unauthorized);
    }
    assert.deepEqual(await readBytes(subject.provider(), text('guarded')), text('a'));
  });

  async function remove(keys: readonly Buffer[]) {
    const permit = issuePermit(subject.connectionId, 'remove');
    return subject.provider().remove(keys, permit, call);
  }
}

function unauthorized(thrown: unknown): boolean {
  return thrown instanceof EngineError && thrown.code === 'UNAUTHORIZED';
}
