import { Buffer } from 'node:buffer';
import type { KeyName } from './keyName';

/**
 * Names of keys as a scan gives them: their bytes one after the other, and where each ends. A million names that are
 * strings or buffers of their own cost the collector more time than the scan itself takes.
 */
export class PackedNames {
  constructor(
    readonly bytes: Buffer,
    readonly ends: readonly number[],
  ) {}

  /** Packs names that come as bytes. */
  static of(names: readonly Buffer[]): PackedNames {
    let end = 0;
    return new PackedNames(
      Buffer.concat(names),
      names.map(({ length }) => (end += length)),
    );
  }

  get length(): number {
    return this.ends.length;
  }

  /** Where a name starts in `bytes`. */
  start(index: number): number {
    return index === 0 ? 0 : (this.ends[index - 1] as number);
  }

  /** The names as strings: one conversion for all, and slices of it. */
  names(): KeyName[] {
    const text = this.bytes.toString('latin1', 0, this.ends.at(-1) ?? 0);
    return this.ends.map((end, i) => text.slice(this.start(i), end) as KeyName);
  }

  /** Those names for which `keep` says so. */
  filter(keep: (name: KeyName, index: number) => boolean): PackedNames {
    return PackedNames.of(
      this.names()
        .filter(keep)
        .map((name) => Buffer.from(name, 'latin1')),
    );
  }
}
