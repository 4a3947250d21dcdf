/** A way to show bytes: one decoder, or several one after another, such as `gzip+json`. */
export interface ValueView {
  /** Names of the decoders, outermost first, joined by `+`. */
  readonly id: string;
  /** For people: `JSON in gzip`. */
  readonly title: string;
}

/** Bytes as one view shows them. */
export interface DecodedValue {
  readonly view: ValueView;
  readonly text: string;
  readonly language: 'plaintext' | 'json';
  /** Whether `encode` gives the very same bytes for this very text; only then may it be edited. */
  readonly editable: boolean;
  /** Why it may not, as a sentence. */
  readonly readOnlyReason?: string;
  /** What else there is to tell, a sentence each: `JWT: the signature was not verified`. */
  readonly notes: readonly string[];
  /** MIME type of the bytes, when they are a picture that can be drawn as it is. */
  readonly imageType?: string;
}

/** What edited text stands for: bytes, or where (offset in characters) and why it stands for none. */
export type EncodedValue = { readonly bytes: Buffer } | { readonly problem: string; readonly at?: number };

/** What helps a choice that bytes alone do not make. */
export interface ViewHints {
  /** Client flags of a Memcached item. */
  readonly flags?: number;
  /** A view that was chosen before for keys like this one. */
  readonly preferred?: string;
}

/**
 * Decoders of values, for views that can be edited only where nothing can be lost. Never runs what it decodes.
 * Each act may also reject with NOT_SUPPORTED: the value takes too long, or too much memory.
 */
export interface ValueViews {
  /**
   * The views that fit these bytes, the best first; text and hex always do. What comes after `hexdump` may be
   * meant, but is never the first choice unless it is preferred.
   */
  offered(bytes: Buffer, hints: ViewHints): Promise<readonly ValueView[]>;
  /** Rejects with VALIDATION_ERROR when the bytes are none of this view. The flags of `hints` are told as notes. */
  decode(bytes: Buffer, view: string, hints?: ViewHints): Promise<DecodedValue>;
  /** `original` gives what text cannot carry: compression level, indentation, number types. */
  encode(text: string, view: string, original: Buffer): Promise<EncodedValue>;
  /** One JSON document laid out to be read; undefined for anything else. */
  readableJson(bytes: Buffer): Promise<Buffer | undefined>;
}
