import type { ValuePart } from '../../src/engine/connections/valuePart';
import type { FileType } from '../../src/engine/transfer/fileLines';
import type { KeyHead } from '../../src/engine/transfer/writeLines';
import type { SeededRandom } from './random';

/** A key with its value, made of chance. */
export interface RandomKey {
  readonly head: KeyHead;
  readonly parts: readonly ValuePart[];
}

const scores = ['0', '-0.5', '1e+300', '-inf', 'inf', '12345678901234567'];

/** Values of all types with empty, binary, legible and longer elements. */
export class RandomValues {
  constructor(private readonly random: SeededRandom) {}

  below(limit: number): number {
    return this.random.below(limit);
  }

  bytes(most = 40): Buffer {
    const kind = this.below(4);
    const length = kind === 0 ? 0 : this.below(most) + 1;
    if (kind === 1) return Buffer.from('text "with" \\ line\n ends, ümlauts, 漢字 and 🙂'.slice(0, length));
    const limit = kind === 2 ? 256 : 128;
    return Buffer.from(Array.from({ length }, () => this.below(limit)));
  }

  key(type: FileType, name: string, now: number): RandomKey {
    const expires = this.below(3) === 0;
    const head = {
      key: Buffer.concat([Buffer.from(name), type === 'item' ? Buffer.alloc(0) : this.bytes(8)]),
      type,
      ...(expires && { expireAtMs: now + 100_000 + this.below(1e9) }),
      ...(type === 'item' && { flags: this.below(2 ** 32) }),
    };
    return { head, parts: this.parts(type, head.flags ?? 0) };
  }

  private parts(type: FileType, flags: number): ValuePart[] {
    const pieces = Array.from({ length: 1 + this.below(3) }, (_, i) => this.part(type, flags, i));
    if (type !== 'stream') return pieces;
    const state = { lastId: '900000-5', groups: [{ name: this.bytes(), lastId: '1-0', consumers: [] }] };
    return [...pieces, { kind: 'streamState', state }];
  }

  private part(type: FileType, flags: number, index: number): ValuePart {
    switch (type) {
      case 'string':
      case 'json':
      case 'dump':
        return { kind: type, bytes: this.bytes(300) };
      case 'item':
        return { kind: 'item', bytes: this.bytes(300), flags };
      case 'list':
        return { kind: 'list', elements: this.some(() => this.bytes()) };
      case 'set':
        return {
          kind: 'set',
          elements: this.some((i) => Buffer.concat([this.bytes(), Buffer.from(`${index}.${i}`)])),
        };
      case 'hash':
        return {
          kind: 'hash',
          entries: this.some((i) => ({
            field: Buffer.from(`\xff${index}.${i}`, 'latin1'),
            value: this.bytes(),
          })),
        };
      case 'zset':
        return {
          kind: 'zset',
          members: this.some((i) => [
            Buffer.concat([this.bytes(), Buffer.from(`${index}.${i}`)]),
            scores[this.below(scores.length)] ?? '0',
          ]),
        };
      case 'stream':
        return {
          kind: 'stream',
          entries: this.some((i) => ({
            id: `${index * 100 + i + 1}-${this.below(9)}`,
            fields: this.some(() => [this.bytes(), this.bytes()]),
          })),
        };
    }
  }

  private some<T>(make: (index: number) => T): T[] {
    return Array.from({ length: 1 + this.below(5) }, (_, i) => make(i));
  }
}
