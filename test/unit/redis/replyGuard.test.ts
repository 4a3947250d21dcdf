import assert from 'node:assert/strict';
import { ReplyGuard, replyLimits } from '../../../src/providers/redis/replyGuard';

const list = Buffer.from(`*200000\r\n${':1\r\n'.repeat(200_000)}`);

function expecting(replies: number): ReplyGuard {
  const guard = new ReplyGuard();
  for (let i = 0; i < replies; i++) guard.expect();
  return guard;
}

describe('The guard of replies', () => {
  it('hands on a chunk of whole replies as it came', () => {
    const chunk = Buffer.from('+OK\r\n*2\r\n$1\r\na\r\n$-1\r\n');
    const admitted = expecting(2).admit(chunk);
    assert.equal(admitted.length, 1);
    assert.equal(admitted[0], chunk);
  });

  it('hands on a large string in one piece, however it comes', () => {
    const text = Buffer.alloc(200_000, 'a');
    const wire = Buffer.concat([Buffer.from('*2\r\n$200000\r\n'), text, Buffer.from('\r\n:7\r\n')]);
    const guard = expecting(1);
    const pieces: Buffer[] = [];
    for (let at = 0; at < wire.length; at += 1000) pieces.push(...guard.admit(wire.subarray(at, at + 1000)));
    assert.deepEqual(Buffer.concat(pieces), wire);
    assert.ok(pieces.some((piece) => piece.length === text.length + 2 && piece.indexOf(text) === 0));
  });

  it('allows each reply its lists, and the replies of a pipeline those of one', () => {
    const apart = expecting(2);
    assert.doesNotThrow(() => [apart.admit(list), apart.admit(list)]);
    const guard = new ReplyGuard();
    guard.together(() => {
      guard.expect();
      guard.expect();
    });
    guard.admit(list);
    assert.throws(() => guard.admit(list), { reason: 'too-large' });
  });

  it('allows as many lists in each other as its limit says, and not one more', () => {
    const deep = (depth: number) => () => expecting(1).admit(Buffer.from('*1\r\n'.repeat(depth)));
    assert.doesNotThrow(deep(replyLimits.depth));
    assert.throws(deep(replyLimits.depth + 1), { reason: 'too-large' });
  });

  it('tells what is larger than it reads from what is not Redis', () => {
    const { elements, line, bulk } = replyLimits;
    for (const reply of [`*${elements + 1}\r\n`, `+${'a'.repeat(line + 1)}`, `$${bulk + 1}\r\n`]) {
      const refused = { reason: 'too-large', message: /larger than Cachify reads at once: / };
      assert.throws(() => expecting(1).admit(Buffer.from(reply)), refused);
    }
  });

  it('takes what DUMP gives for the largest string that a server holds', () => {
    const [type, length, footer] = [1, 5, 10];
    const size = 512 * 1024 * 1024 + type + length + footer;
    assert.doesNotThrow(() => expecting(1).admit(Buffer.from(`$${size}\r\n`)));
  });

  it('takes the consumers of a group that has forty thousand', () => {
    const consumer = `*8\r\n${':1\r\n'.repeat(8)}`;
    const reply = `*40000\r\n${consumer.repeat(40_000)}`;
    assert.doesNotThrow(() => expecting(1).admit(Buffer.from(reply)));
  });

  it('admits nothing of a chunk in which something is out of place', () => {
    const guard = expecting(2);
    assert.throws(() => guard.admit(Buffer.from('+OK\r\n?\r\n')), { reason: 'garbled' });
  });

  it('admits nothing that was not asked for, also behind what was', () => {
    assert.throws(() => expecting(0).admit(Buffer.from('+OK\r\n')), { reason: 'garbled' });
    assert.throws(() => expecting(1).admit(Buffer.from('+OK\r\n+OK\r\n')), { reason: 'garbled' });
  });
});
