import assert from 'node:assert/strict';
import { EngineError } from '../../../src/engine/kernel/errors';
import { BinaryPackets } from '../../../src/providers/memcached/binaryPackets';
import { type SeededRandom, seededRandom } from '../../helpers/random';
import { chunked, mutated } from './mutations';

const headSize = 24;

/** Packets of the binary protocol with a change: they come whole, or the link ends. */
export function fuzzPackets(seed: number): void {
  const random = seededRandom(seed);
  const sent = Array.from({ length: 1 + random.below(5) }, () => aPacket(random));
  const bytes = mutated(Buffer.concat(sent), random);
  assert.equal(taken(chunked(bytes, random)), referencePackets(bytes));
}

function aPacket(random: SeededRandom): Buffer {
  const body = random.bytes(random.below(60));
  const head = Buffer.alloc(headSize);
  head.set([0x81, random.pick([0x00, 0x02, 0x10, 0x20])]);
  head.writeUInt16BE(random.below(body.length + 1), 2);
  head.writeUInt32BE(body.length, 8);
  head.writeUInt32BE(random.below(2 ** 31), 12);
  return Buffer.concat([head, body]);
}

function taken(chunks: readonly Buffer[]): string {
  const packets = new BinaryPackets(() => undefined);
  const whole: string[] = [];
  try {
    for (const chunk of chunks) for (const packet of packets.take(chunk)) whole.push(packet.toString('hex'));
    return whole.join();
  } catch (thrown) {
    assert.ok(thrown instanceof EngineError && thrown.reason === 'garbled', String(thrown));
    return `${whole.join()} violation`;
  }
}

function referencePackets(bytes: Buffer): string {
  const whole: string[] = [];
  let stats = 0;
  for (let at = 0; bytes.length - at >= headSize;) {
    const body = bytes.readUInt32BE(at + 8);
    const beside = bytes.readUInt16BE(at + 2) + bytes.readUInt8(at + 4);
    stats = bytes[at + 1] === 0x10 && body > 0 ? stats + headSize + body : 0;
    const isTooLarge = body > 2 ** 30 + 1024 || stats > 2 ** 20;
    if (bytes[at] !== 0x81 || beside > body || isTooLarge) return `${whole.join()} violation`;
    if (bytes.length - at < headSize + body) break;
    whole.push(bytes.toString('hex', at, at + headSize + body));
    at += headSize + body;
  }
  return whole.join();
}
