import { Buffer } from 'node:buffer';
import { keyName, type KeyName } from './keyName';

/** A name among other bytes. */
export interface NameSlice {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Names of keys as a scan gives them: as bytes, because a million strings cost the collector more than the scan itself. */
export interface NameBatch {
  readonly length: number;
  slice(index: number): NameSlice;
  /** The names as strings. */
  names(): KeyName[];
}

/** Names that came one by one. */
export class SeparateNames implements NameBatch {
  constructor(private readonly buffers: readonly Buffer[]) {}

  get length(): number {
    return this.buffers.length;
  }

  slice(index: number): NameSlice {
    const bytes = this.buffers[index] as Buffer;
    return { bytes, start: 0, end: bytes.length };
  }

  names(): KeyName[] {
    return this.buffers.map(keyName);
  }
}

/** Names that lie one after the other in one buffer. */
export class PackedNames implements NameBatch {
  constructor(
    private readonly bytes: Buffer,
    private readonly ends: readonly number[],
  ) {}

  get length(): number {
    return this.ends.length;
  }

  slice(index: number): NameSlice {
    return { bytes: this.bytes, start: this.start(index), end: this.ends[index] as number };
  }

  /** One conversion for all, and slices of it. */
  names(): KeyName[] {
    const text = this.bytes.toString('latin1', 0, this.ends.at(-1) ?? 0);
    return this.ends.map((end, i) => text.slice(this.start(i), end) as KeyName);
  }

  private start(index: number): number {
    return index === 0 ? 0 : (this.ends[index - 1] as number);
  }
}

/** A batch of names that are strings already. */
export function batchOfNames(names: readonly KeyName[]): NameBatch {
  return new SeparateNames(names.map((name) => Buffer.from(name, 'latin1')));
}
