import type { DecodedValue, EncodedValue } from '../valueViews';

/**
 * How well bytes fit a codec. `sure`: by what they start with or hold. `convincing`: only if what comes out is
 * something itself. `choice`: possible, but never taken unasked.
 */
export type Fit = 'sure' | 'convincing' | 'choice' | 'no';

/** What a face shows of bytes. */
export type Shown = Pick<DecodedValue, 'text' | 'language' | 'readOnlyReason' | 'imageType'> & {
  readonly notes?: readonly string[];
};

/** Shows bytes as text, and may read the text back: the last decoder of a view. */
export interface Face {
  readonly name: string;
  readonly title: string;
  fit(bytes: Buffer): Fit | Promise<Fit>;
  /** Throws VALIDATION_ERROR when the bytes are none of this face. */
  show(bytes: Buffer): Shown | Promise<Shown>;
  /** Absent where text cannot be turned back. Whether it gives the same bytes is checked by the caller. */
  read?(text: string, original: Buffer): EncodedValue | Promise<EncodedValue>;
  /** Why it cannot be edited when there is no `read`, or when `read` gives other bytes. */
  readonly readOnlyReason: string;
}

/** Unpacks bytes into bytes, and may pack them again: a decoder before the last. */
export interface Layer {
  readonly name: string;
  readonly title: string;
  fit(bytes: Buffer): Fit;
  /** Throws VALIDATION_ERROR when the bytes are none of this layer, or too many. */
  unpack(bytes: Buffer): Promise<Buffer>;
  /** Packs as `original` was packed; undefined when how that was done cannot be repeated. */
  pack?(inner: Buffer, original: Packed): Promise<Buffer | undefined>;
  /** Why nothing below can be edited when packing again gives other bytes. */
  readonly readOnlyReason: string;
}

/** Bytes as they were found, and what came out of them. */
export interface Packed {
  readonly bytes: Buffer;
  readonly inner: Buffer;
}

/** All there is to choose from. */
export interface Codecs {
  readonly faces: readonly Face[];
  readonly layers: readonly Layer[];
}
