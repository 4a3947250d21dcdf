import type { SentError } from '../../engine/kernel/sentError';
import type { DecodedValue, ValueView, ViewHints } from '../../engine/values/valueViews';
import type { Schema } from './protobufFaces';

/** The schemas of the person at the time of a question, or why they cannot be read. */
export type SentSchemas = { readonly schemas: readonly Schema[] } | { readonly problem: SentError };

/** What a window asks the worker that decodes, one question at a time. */
export type ViewsQuestion =
  | { readonly act: 'offered'; readonly bytes: Uint8Array; readonly hints: ViewHints }
  | {
      readonly act: 'decode';
      readonly bytes: Uint8Array;
      readonly view: string;
      readonly hints: ViewHints | undefined;
    }
  | { readonly act: 'encode'; readonly text: string; readonly view: string; readonly original: Uint8Array }
  | { readonly act: 'readableJson'; readonly bytes: Uint8Array };

/** A question with the schemas it may need. */
export interface ViewsRequest {
  readonly question: ViewsQuestion;
  readonly schemas: SentSchemas;
}

/** What each question is answered with. */
export interface ViewsAnswers {
  readonly offered: readonly ValueView[];
  readonly decode: DecodedValue;
  readonly encode: { readonly bytes: Uint8Array } | { readonly problem: string; readonly at?: number };
  readonly readableJson: Uint8Array | undefined;
}

/** The answer to the one question that was asked. */
export type ViewsReply = { readonly value: ViewsAnswers[keyof ViewsAnswers] } | { readonly error: SentError };
